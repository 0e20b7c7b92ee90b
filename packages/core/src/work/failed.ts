import { WorkFailed } from "../errors.ts"
import { describe } from "./dead.ts"

/** What a try met, noted by the operation that records it; of an operation that is run again, the last run. */
export interface Met {
  failures: ReadonlyArray<WorkFailed>
}

/** To be told once what was noted is committed. */
export const tell = ({ failures }: Met, report: (error: unknown) => void): void => {
  for (const failure of failures) report(failure)
}

/** What failed, named as its dead letter is, in which of its tries, and what becomes of it. */
interface Failed extends Pick<WorkFailed, "kind" | "of" | "tries" | "next" | "cause"> {
  /** How many tries it has, when it is tried at all. */
  readonly most?: number | undefined
  /** How a sentence begins that speaks of it, when its kind does not say. */
  readonly what?: string
}

const WHAT = { event: "The reactor", timer: "The timer of", message: "The delivery of" } as const
const NEXT = {
  retry: "It is tried again.",
  "dead-letter": "It is a dead letter now.",
  held: "It is held until somebody settles it."
} as const

export const workFailed = ({ most, what, ...failed }: Failed): WorkFailed => {
  const { message, tag } = describe(failed.cause)
  const subject = what ?? `${WHAT[failed.kind]} "${failed.of}"`
  const tried = most === undefined ? "" : `, try ${failed.tries} of ${most}`
  const said = `${subject} failed${tried}: ${tag}: ${message.replace(/\.$/, "")}. ${NEXT[failed.next]}`
  return new WorkFailed({ ...failed, message: said })
}

/** `onError`, which must neither end the work that tells it nor the process: what it throws, or rejects with, is dropped. */
export const heard =
  (onError: (error: unknown) => unknown) =>
  (error: unknown): void => {
    void (async () => onError(error))().catch(() => {})
  }
