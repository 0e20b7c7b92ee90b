import { StoreUnavailable } from "@omni/core"

/** The primary result code of an error of SQLite's (https://sqlite.org/rescode.html), 0 for any other error. */
const codeOf = (error: unknown): number =>
  error instanceof Error && "errcode" in error && typeof error.errcode === "number" ? error.errcode & 0xff : 0

const BUSY = 5
const LOCKED = 6
const READONLY = 8
const FULL = 13
const PROTOCOL = 15
const TOOBIG = 18
const NOTADB = 26

/** Somebody else holds a lock: trying again later will help. */
export const isBusy = (error: unknown): boolean => [BUSY, LOCKED, PROTOCOL].includes(codeOf(error))

/** The disk is full, or the file at its largest. */
export const isFull = (error: unknown): boolean => codeOf(error) === FULL

export const isForeign = (error: unknown): boolean => codeOf(error) === NOTADB

/** Why a transaction can never land, when that is what the error says. */
export const refusalOf = (error: unknown): string | undefined => {
  const code = codeOf(error)
  if (code === FULL) return "The disk is full, or the file has reached its largest size."
  if (code === READONLY) return "The file is read-only."
  if (code === TOOBIG) return "A value is larger than SQLite can hold."
  return undefined
}

/** What this driver throws for anything that SQLite throws. */
export const unavailable = (path: string, cause: unknown): StoreUnavailable =>
  cause instanceof StoreUnavailable
    ? cause
    : new StoreUnavailable({ message: `${path}: ${cause instanceof Error ? cause.message : String(cause)}`, cause })
