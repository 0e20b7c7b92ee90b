import { DeliveryFailed } from "@omni/core"

import type { CarrierAnswer, CarrierCommand, CarrierDriver, CarrierRate, TrackingReport } from "./carrier.ts"
import type { ShipmentStatus } from "./model.ts"

/** A carrier in memory. */
export interface RecordedCarrier extends CarrierDriver {
  /** What it was told, each key once. */
  readonly commands: ReadonlyArray<CarrierCommand>
  /** What it would tell of a parcel, as its webhook does. */
  report(tracking: string, status: ShipmentStatus, at: number): TrackingReport
  /** From now on it takes nothing, for this reason; until it is told otherwise. */
  refuse(reason: string | undefined): void
}

/** For tests and demos: a carrier that keeps what it was told, makes one label under each key, and has the prices that it was given. */
export const recordedCarrier = (rates: ReadonlyArray<CarrierRate> = []): RecordedCarrier => {
  const done = new Map<string, { readonly command: CarrierCommand; readonly answer: CarrierAnswer }>()
  let refusing: string | undefined
  return {
    specVersion: 1,
    capabilities: { idempotent: true },
    get commands() {
      return [...done.values()].map(({ command }) => command)
    },
    report: (tracking, status, at) => ({ tracking, status, at }),
    refuse: (reason) => {
      refusing = reason
    },
    rates: async () => rates,
    execute: async (command, { key, signal }) => {
      signal.throwIfAborted()
      if (refusing !== undefined) throw new DeliveryFailed(refusing, { retry: false })
      const tracking = `T${done.size + 1}`
      const cost = command.kind === "label" ? rates.find(({ service }) => service === command.service)?.amount : undefined
      const label = { format: "pdf" as const, url: `https://carrier.example/labels/${tracking}.pdf` }
      const answer = command.kind === "label" ? { tracking, label, ...(cost === undefined ? {} : { cost }) } : {}
      if (!done.has(key)) done.set(key, { command, answer })
      return done.get(key)!.answer
    }
  }
}
