import * as Context from "effect/Context"
import * as Metric from "effect/Metric"

/** What the engine reports of itself: Effect metrics, which a user on OpenTelemetry exports by a layer. */
export interface Telemetry {
  commit(outcome: "Committed" | "Conflict" | "NotWritten", calls: number): void
  lag(of: "outbox" | "timers" | "reactors", milliseconds: number): void
}

const commits = Metric.counter("omni_commits", { description: "Commits sent, by outcome", incremental: true })
const outcomes = {
  Committed: Metric.withAttributes(commits, { outcome: "committed" }),
  Conflict: Metric.withAttributes(commits, { outcome: "conflict" }),
  NotWritten: Metric.withAttributes(commits, { outcome: "not-written" })
}
const batchSize = Metric.histogram("omni_batch_size", {
  description: "Calls in a commit",
  boundaries: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024]
})
const lag = Metric.gauge("omni_lag_milliseconds", { description: "How late the oldest due work was when it was taken up" })
const lags = {
  outbox: Metric.withAttributes(lag, { of: "outbox" }),
  timers: Metric.withAttributes(lag, { of: "timers" }),
  reactors: Metric.withAttributes(lag, { of: "reactors" })
}
const context = Context.empty()

export const telemetry: Telemetry = {
  commit: (outcome, calls) => {
    outcomes[outcome].updateUnsafe(1, context)
    batchSize.updateUnsafe(calls, context)
  },
  lag: (of, milliseconds) => lags[of].updateUnsafe(milliseconds, context)
}
