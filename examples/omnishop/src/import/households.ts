import { count, distinct, type Importing, make, rowsIn } from "./importing.ts"
import { type DemographicsRow, rowSchemas } from "./tables.ts"

/** The name under which the history goes as a source. */
export const SOURCE = "complete-journey"

type Met = Awaited<ReturnType<Importing["omni"]["profile"]["safe"]["identify"]>>

/** The profile of a household, made when it is asked for the first time; or why it can have none. */
export type HouseholdOf = (household: string) => Promise<Met>

/** What is known of households, and whoever else the history names, become profiles as of `opening`. */
export const importHouseholds = async (importing: Importing, file: string | undefined, opening: number): Promise<HouseholdOf> => {
  const known = new Map<string, Promise<Met>>()
  const identify = async (household: string, traits: Readonly<Record<string, string>>): Promise<Met> => {
    const met = await importing.omni.profile.safe.identify(
      { identifiers: [{ type: "household", value: household }], traits, source: SOURCE },
      { key: `household/${household}`, asOf: { time: opening } }
    )
    if (met.ok) count(importing, "profiles")
    return met
  }
  const meet = (household: string, traits: Readonly<Record<string, string>> = {}): Promise<Met> => {
    const met = known.get(household) ?? identify(household, traits)
    known.set(household, met)
    return met
  }
  if (file !== undefined) await describe(importing, file, meet)
  return meet
}

const describe = async (
  importing: Importing,
  file: string,
  meet: (household: string, traits: Readonly<Record<string, string>>) => Promise<Met>
): Promise<void> => {
  const reject = importing.rejects.of(file)
  const seen = new Map<string, number>()
  for await (const { told } of rowsIn(importing, file, rowSchemas.demographics))
    for (const one of distinct(told, ({ household_id }) => household_id, seen, reject))
      await make(importing, "descriptions of households", { reject, rows: [one] }, () => meet(one.row.household_id, traitsOf(one.row)))
  await importing.flight.landed()
}

/** What is known, by names in camel case. */
const traitsOf = (row: DemographicsRow): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(row)
      .filter(([name, value]) => name !== "household_id" && value !== "")
      .map(([name, value]) => [name.replaceAll(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase()), value])
  )
