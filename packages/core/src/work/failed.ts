import { WorkFailed } from "../errors.ts"
import { describe } from "./dead.ts"

/** What a try met, noted by the operation that records it; of an operation that is run again, the last run. */
export interface Met {
  failure?: WorkFailed | undefined
}

const WHAT = { event: "The reactor", timer: "The timer of", message: "The handler of" } as const
const NEXT = {
  retry: "It is tried again.",
  "dead-letter": "It is a dead letter now.",
  held: "It is held until somebody settles it."
} as const

/** Says what failed, in which of its tries, and what becomes of it. */
export const workFailed = (
  kind: WorkFailed["kind"],
  of: string,
  [tries, most]: readonly [tries: number, most: number],
  next: WorkFailed["next"],
  cause: unknown
): WorkFailed => {
  const { message, tag } = describe(cause)
  const said = `${WHAT[kind]} "${of}" failed, try ${tries} of ${most}: ${tag}: ${message.replace(/\.$/, "")}. ${NEXT[next]}`
  return new WorkFailed({ message: said, kind, of, tries, next, cause })
}
