"""Makes calls with the vendor's own client and says what came of each.

Standard input: {"base_url": …, "calls": [{"call": name, "token": …, "project": …, …}]}, so that no token
stands in an argument. Standard output: a list of {"value": …} or {"error": class, "message": …}.
"""

import json
import sys
import urllib.error
import urllib.request

from inferencekey import DataClient, ManagementClient, WorkloadSpec


def management(call):
    return ManagementClient(base_url=BASE_URL, sdk_token=call["token"], project=call["project"])


def endpoint(call):
    client = DataClient(base_url=BASE_URL, project=call["project"])
    return client.endpoint(call["workload"], api_key=call["token"])


def ensure(call):
    ref = management(call).ensure(WorkloadSpec(**call["spec"]))
    return [ref.project_slug, ref.workload_slug]


def wait_until_ready(call):
    phases = []
    management(call).wait_until_ready(
        call["workload"], timeout=20, on_progress=lambda event: phases.append(event.phase)
    )
    return phases


def job(call):
    """The client has no method for jobs: this is the call of the guide to async jobs."""
    request = urllib.request.Request(
        f"{BASE_URL}/endpoint/{call['project']}/{call['workload']}/jobs",
        data=json.dumps(call["job"]).encode(),
        headers={"Authorization": f"Bearer {call['token']}", "Content-Type": "application/json"},
        method="POST",
    )
    try:
        with urllib.request.urlopen(request, timeout=20) as response:
            return [response.status, sorted(json.load(response))]
    except urllib.error.HTTPError as error:
        return [error.code, json.load(error)]


CALLS = {
    "ensure": ensure,
    "delete": lambda call: management(call).delete(call["workload"]),
    "wait_until_ready": wait_until_ready,
    "generate_text": lambda call: endpoint(call).generate_text(prompt=call["prompt"]).text,
    "generate_text_stream": lambda call: [
        chunk.text for chunk in endpoint(call).generate_text_stream(prompt=call["prompt"])
    ],
    "embed": lambda call: endpoint(call).embed(input=call["input"]).embeddings,
    "rerank": lambda call: [
        [item.index, item.relevance_score]
        for item in endpoint(call).rerank(query="q", documents=call["documents"]).results
    ],
    "job": job,
}


def outcome(call):
    try:
        return {"value": CALLS[call["call"]](call)}
    except Exception as error:  # whatever the client raises is what the test is about
        return {"error": type(error).__name__, "message": str(error)}


REQUEST = json.load(sys.stdin)
BASE_URL = REQUEST["base_url"]
json.dump([outcome(call) for call in REQUEST["calls"]], sys.stdout)
