/** What an operator watches, for Prometheus. */
import { Counter, Gauge, Histogram, Registry } from "prom-client";

export class Metrics {
  readonly registry = new Registry();
  readonly deliveries = new Counter({
    name: "keyrecall_deliveries_total",
    help: "Webhook deliveries, by event and what was done with them",
    labelNames: ["event", "outcome"] as const,
    registers: [this.registry],
  });
  readonly acknowledgement = new Histogram({
    name: "keyrecall_acknowledgement_seconds",
    help: "From a delivery's arrival to its answer",
    buckets: [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2, 10],
    registers: [this.registry],
  });
  readonly jobs = new Counter({
    name: "keyrecall_jobs_total",
    help: "Jobs that ended, by kind and how",
    labelNames: ["kind", "outcome"] as const,
    registers: [this.registry],
  });
  readonly waiting = new Gauge({
    name: "keyrecall_jobs_waiting",
    help: "Jobs that wait or run, by kind",
    labelNames: ["kind"] as const,
    registers: [this.registry],
  });
  readonly deliveriesLeft = new Gauge({
    name: "keyrecall_deliveries_left",
    help: "Deliveries that were taken and are not processed: stored, or failed and to be run again",
    labelNames: ["state"] as const,
    registers: [this.registry],
  });
  readonly incidents = new Gauge({
    name: "keyrecall_incidents",
    help: "Incidents, by state",
    labelNames: ["state"] as const,
    registers: [this.registry],
  });
  readonly unpublished = new Counter({
    name: "keyrecall_unpublished_total",
    help: "Check runs and issues that GitHub does not let the App write",
    labelNames: ["what"] as const,
    registers: [this.registry],
  });
  readonly backfillRepositories = new Gauge({
    name: "keyrecall_backfill_repositories",
    help: "Repositories whose history is to be read or was, by state",
    labelNames: ["state"] as const,
    registers: [this.registry],
  });
  readonly backfillLeft = new Gauge({
    name: "keyrecall_backfill_estimated_seconds",
    help: "Until all histories are read, by how long it took so far",
    registers: [this.registry],
  });
  readonly backfillStopped = new Gauge({
    name: "keyrecall_backfill_stopped",
    help: "Installations whose histories cannot be read at present",
    registers: [this.registry],
  });
  readonly exposure = new Histogram({
    name: "keyrecall_exposure_window_seconds",
    help: "From a webhook's arrival to the API refusing the token",
    buckets: [0.25, 0.5, 1, 2, 3, 5, 10, 30, 60, 300, 3600],
    registers: [this.registry],
  });
}
