import { days, type Duration } from "@omni/core"

/** What an app says about companies. */
export interface AccountOptions {
  /** How long a request waits for an approver: 14 days unless told. */
  readonly approval?: Duration
  /** Whether somebody may approve what he has asked for himself; not unless told. */
  readonly selfApproval?: boolean
}

/** The options with their defaults. */
export type AccountSettings = Required<AccountOptions>

/** Fills in the defaults. */
export const accountSettings = ({ approval = days(14), selfApproval = false }: AccountOptions): AccountSettings => ({
  approval,
  selfApproval
})
