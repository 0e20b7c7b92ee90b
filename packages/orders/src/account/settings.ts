import { checkOptions, days, Duration, type KnownOptions } from "@omni/core"
import * as z from "zod"

/** What an app says about companies. */
export interface AccountOptions {
  /** How long a request waits for an approver: 14 days unless told. */
  readonly approval?: Duration
  /** Whether somebody may approve what he has asked for himself; not unless told. */
  readonly selfApproval?: boolean
}

/** The options with their defaults. */
export type AccountSettings = Required<AccountOptions>

const known: KnownOptions<AccountOptions> = { approval: Duration, selfApproval: z.boolean() }

/** Checks the options and fills in the defaults. Throws `InvalidOptions`. */
export const accountSettings = (options: AccountOptions): AccountSettings => {
  checkOptions("accounts()", options, known)
  const { approval = days(14), selfApproval = false } = options
  return { approval, selfApproval }
}
