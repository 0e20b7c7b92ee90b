import type { Carried, Position, TransportDriver } from "@omni/core"

/** The log of a tenant that counts, with its numbers going to so many subjects in turn. */
export const counting = (count: number, subjects: number): ReadonlyArray<Carried> =>
  Array.from({ length: count }, (_, n) => ({
    specversion: "1.0",
    id: `evt_${n}`,
    source: "omni/default",
    type: "count.Counted",
    subject: `subject ${n % subjects}`,
    time: new Date(1_767_225_600_000 + n).toISOString(),
    tenant: "default",
    sequence: String(n + 1).padStart(16, "0") as Position,
    data: { n }
  }))

/** Everything that a transport holds now, as a group that begins at the start finds it. */
export const everything = async (transport: TransportDriver, group: string): Promise<ReadonlyArray<Carried>> => {
  const taken: Array<Carried> = []
  const member = await transport.subscribe(group, async ({ event }) => void taken.push(event), { dead: async () => undefined })
  await member.idle()
  await member[Symbol.asyncDispose]()
  return taken
}

/** The numbers of each subject, in the order in which they came. */
export const bySubject = (events: ReadonlyArray<Carried>): Readonly<Record<string, ReadonlyArray<number>>> =>
  Object.fromEntries(
    [...Map.groupBy(events, ({ subject }) => subject)].map(([subject, of]) => [subject, of.map(({ data }) => (data as { n: number }).n)])
  )

/** What `bySubject` is to be when numbers up to `count` went to so many subjects in turn. */
export const expected = (count: number, subjects: number): Readonly<Record<string, ReadonlyArray<number>>> =>
  Object.fromEntries(
    Array.from({ length: subjects }, (_, s) => [
      `subject ${s}`,
      Array.from({ length: count }, (_, n) => n).filter((n) => n % subjects === s)
    ])
  )
