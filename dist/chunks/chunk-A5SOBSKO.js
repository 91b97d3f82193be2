// src/rules/builtin.generated.ts
var builtinRules = [
  {
    "id": "inferencekey-control-token",
    "name": "InferenceKey control-plane token",
    "plane": "control",
    "variable": "INFERENCEKEY_SDK_TOKEN",
    "grammar": {
      "prefix": "ik_sdk_",
      "parts": [
        {
          "name": "id",
          "class": "hex",
          "length": 8
        },
        {
          "literal": "_"
        },
        {
          "name": "secret",
          "class": "hex",
          "length": 64
        }
      ],
      "publicId": "id",
      "secret": "secret"
    },
    "suspect": {
      "class": "base64url",
      "length": {
        "min": 16,
        "max": 200
      }
    },
    "placeholders": [
      "ik_sdk_your_control_plane_token",
      "ik_sdk_xxxxxxxxxxxxxxxxxxxxxxxx"
    ],
    "blastRadius": {
      "summary": "creates, changes and deletes the workloads of one project, and their GPUs with them",
      "can": [
        "delete any workload of the project, which tears down the GPUs provisioned for it (outage; scope workload:write)",
        "create workloads, which can start billable capacity (cost; scopes workload:write and assignment:write)",
        "change the workloads of the project (workload:write), or only list them (workload:read alone)"
      ],
      "cannot": [
        "call inference or read prompts",
        "act outside its project",
        "write anything, where its scope is workload:read alone"
      ]
    },
    "rotation": {
      "dashboard": "Tokens",
      "leastAccess": "of one project, and with the scope workload:read alone where its consumers only list workloads",
      "readBy": [
        "ManagementClient.from_env",
        "ManagementClient.fromEnv"
      ],
      "steps": [
        "mint a replacement in the dashboard of the project (Tokens)",
        "set it as INFERENCEKEY_SDK_TOKEN wherever this one is used",
        "revoke this one in the dashboard and check that it is refused"
      ]
    }
  },
  {
    "id": "inferencekey-data-token",
    "name": "InferenceKey data-plane token",
    "plane": "data",
    "variable": "INFERENCEKEY_API_KEY",
    "grammar": {
      "prefix": "ik_live_",
      "parts": [
        {
          "name": "id",
          "class": "hex",
          "length": 8
        },
        {
          "literal": "_"
        },
        {
          "name": "secret",
          "class": "hex",
          "length": 64
        }
      ],
      "publicId": "id",
      "secret": "secret"
    },
    "suspect": {
      "class": "base64url",
      "length": {
        "min": 16,
        "max": 200
      }
    },
    "placeholders": [
      "ik_live_your_workload_key"
    ],
    "blastRadius": {
      "summary": "runs inference on one workload, or on every workload of a project, at its owner's expense",
      "can": [
        "run inference (chat, embeddings, rerank) on the workloads of its scope (spend and quota of their owner)",
        "submit asynchronous jobs to them (spend and quota as well)",
        "reach every workload of the project, later ones included, where its scope is the whole project (projectSlug/*)"
      ],
      "cannot": [
        "create, change, delete or list workloads",
        "reach a workload outside its scope"
      ]
    },
    "rotation": {
      "dashboard": "API Keys",
      "leastAccess": "for the endpoints that its consumers call, and not for the entire project",
      "readBy": [
        "DataClient.endpoint"
      ],
      "steps": [
        "mint a replacement in the dashboard (API Keys)",
        "set it as INFERENCEKEY_API_KEY wherever this one is used",
        "revoke this one in the dashboard and check that it is refused"
      ]
    }
  }
];

export {
  builtinRules
};
