/** How a law that holds was shown: `skipped` says why it does not apply here. */
export interface Verdict {
  readonly skipped?: string
}

/** One law of a port: `run` rejects when it does not hold. It needs no test runner, and knows none. */
export interface Law {
  readonly name: string
  run(): Promise<Verdict>
}

export interface LawToggles {
  /** Laws that do not apply, by name, with the reason. They answer `skipped`. */
  readonly skip?: { readonly [law: string]: string }
  /** Laws known not to hold, by name, with the reason. They must fail: a gap that has closed is itself a failure. */
  readonly knownGaps?: { readonly [law: string]: string }
  /** Reproduces a failed property: the seed is in its message. */
  readonly seed?: number
  /** How often each property is tried, and how wide each race is, as a multiple of the usual; 1 unless told. */
  readonly scale?: number
  /** How long what must come soon may take, milliseconds; 10,000 unless told. */
  readonly patience?: number
}

/** Applies `skip` and `knownGaps`. A name that is no law is a mistake, and thrown at once. */
export const toggled = (laws: ReadonlyArray<Law>, { skip = {}, knownGaps = {} }: LawToggles): ReadonlyArray<Law> => {
  const names = new Set(laws.map(({ name }) => name))
  for (const name of [...Object.keys(skip), ...Object.keys(knownGaps)])
    if (!names.has(name)) throw new TypeError(`There is no law "${name}". The laws are:\n${[...names].map((law) => `  ${law}`).join("\n")}`)
  return laws.map((law) => {
    const skipped = skip[law.name]
    if (skipped !== undefined) return { name: law.name, run: async () => ({ skipped }) }
    const gap = knownGaps[law.name]
    return gap === undefined ? law : { name: law.name, run: () => fails(law, gap) }
  })
}

const fails = async (law: Law, gap: string): Promise<Verdict> => {
  const verdict = await law.run().catch(() => undefined)
  if (verdict === undefined) return {}
  if (verdict.skipped !== undefined)
    throw new Error(`The known gap "${law.name}" does not apply: ${verdict.skipped}. Remove it from knownGaps.`)
  throw new Error(`The known gap has closed: "${law.name}" holds now. Remove it from knownGaps (it said: ${gap}).`)
}
