import { StoreUnavailable } from "@omni/core"

/** Raised by our function `refuse`: a commit's check failed; a collection has a table that is not known here. */
export const STALE = "OM001"
export const UNKNOWN = "OM002"

/** What PostgreSQL said, without any value of a row: its details and contexts quote what was written. */
export class PostgresFault extends Error {
  override readonly name = "PostgresFault"
  /** The SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html), or the code of a failed connection. */
  readonly code: string
  readonly constraint: string | undefined
  /** `false`: the connection failed, so nobody knows what the server made of it. */
  readonly answered: boolean

  constructor(code: string, message: string, constraint: string | undefined, answered: boolean) {
    super(message)
    this.code = code
    this.constraint = constraint
    this.answered = answered
  }
}

interface Reported {
  readonly code?: unknown
  readonly severity?: unknown
  readonly message?: unknown
  readonly constraint?: unknown
}

/** Classes of SQLSTATE whose messages name objects, roles and states of the server, and never values of rows. */
const TELLING = ["08", "25", "28", "3D", "3F", "42", "53", "55", "57", "58"]

/** Anything thrown while a statement ran, as something that may be logged. */
export const faultOf = (error: unknown): PostgresFault => {
  if (error instanceof PostgresFault) return error
  const { code, severity, message, constraint }: Reported = typeof error === "object" && error !== null ? error : {}
  const state = typeof code === "string" ? code : "unknown"
  const said = typeof message === "string" ? message : String(error)
  const quiet = severity !== undefined && !TELLING.includes(state.slice(0, 2))
  return new PostgresFault(
    state,
    quiet ? `PostgreSQL refused a statement (SQLSTATE ${state}).` : `${said} (${state})`,
    typeof constraint === "string" ? constraint : undefined,
    severity !== undefined
  )
}

/** What a standby says to whoever wants to write. */
export const READ_ONLY = "25006"

/** A standby was asked, which may yet be promoted. The next connection may lead elsewhere. */
export const onStandby = (): PostgresFault =>
  new PostgresFault(READ_ONLY, `The server is a standby that has not been promoted (${READ_ONLY})`, undefined, false)

/** The server can not be reached, starts or ends, is a standby, or has no connection left: later it may be there. */
export const isAway = ({ code, answered }: PostgresFault): boolean => !answered || /^(08|57P|53300|25006)/.test(code)

/** The connection itself can still be used: the server has answered, and is one that takes commits. */
export const isAnswer = (error: unknown): boolean =>
  typeof error === "object" &&
  error !== null &&
  "severity" in error &&
  error.severity !== "FATAL" &&
  error.severity !== "PANIC" &&
  !("code" in error && error.code === READ_ONLY)

/** Why a transaction can never land, when that is what the error says. */
export const refusalOf = ({ code }: PostgresFault): string | undefined => {
  if (code === "53100") return "The server's disk is full."
  if (code === "53200") return "The server has no memory for it."
  if (code === "54001") return "A value is nested too deeply."
  if (code.startsWith("54")) return "It is larger than PostgreSQL can hold."
  if (code === "23505") return "A row is there whose id was to be new."
  if (code === "22P02" || code === "22032") return "A value is not valid JSON."
  if (code === "22P05" || code === "22021") return "A text holds what PostgreSQL can not store."
  return undefined
}

/** The fault behind an error of this driver, if it came from PostgreSQL. */
export const faultBehind = (error: unknown): PostgresFault | undefined =>
  error instanceof StoreUnavailable && error.cause instanceof PostgresFault ? error.cause : undefined

/** What this driver throws for anything that failed. */
export const unavailable = (error: unknown): unknown => {
  if (typeof error === "object" && error !== null && "_tag" in error) return error
  const fault = faultOf(error)
  return new StoreUnavailable({ message: `PostgreSQL: ${fault.message}`, cause: fault })
}
