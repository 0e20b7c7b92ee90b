import { searchLaws } from "@omni/catalog/search/laws"
import type { postgresSearch, PostgresSearchOptions } from "@omni/search-postgres"
import { afterAll, beforeAll, describe, expect, it } from "vitest"

import { installedPgBouncer, startPgBouncer } from "../../../scripts/postgres/pgbouncer.ts"
import { sharedPostgres } from "../../../scripts/postgres/shared.ts"
import { temporarySchema } from "./helpers.ts"

const make =
  (options: PostgresSearchOptions = {}, through: () => string | undefined = () => undefined) =>
  async () => {
    const { open, dispose } = await temporarySchema(through())
    const others: Array<ReturnType<typeof postgresSearch>> = []
    const second = async () => {
      const driver = open(options)
      others.push(driver)
      return driver
    }
    const all = async () => {
      await Promise.all(others.map((driver) => driver.close()))
      await dispose()
    }
    return { driver: open(options), second, dispose: all }
  }

const told = (name: string) => (name === variants ? { skipped: "The index says nothing of variants" } : {})
const variants = "of a product with many variants those are told that meet what was asked for, the cheapest first"

describe("an index in a database", () => {
  it.each(searchLaws(make()))("$name", async (law) => {
    expect(await law.run()).toEqual(told(law.name))
  })
})

const program = installedPgBouncer()

/** Each transaction may be on another connection, and there are fewer of them than clients have. */
describe.skipIf(program === undefined)("an index behind PgBouncer in transaction mode (skipped where it is not installed)", () => {
  let bouncer: Awaited<ReturnType<typeof startPgBouncer>>
  beforeAll(async () => {
    bouncer = await startPgBouncer(program!, await sharedPostgres(), 4)
  })
  afterAll(() => bouncer.stop())

  it.each(searchLaws(make({}, () => bouncer.url)))("$name", async (law) => {
    expect(await law.run()).toEqual(told(law.name))
  })
})

it("takes no word for another where it is told to", async () => {
  const typos = searchLaws(make({ typos: false })).find(({ name }) => name.startsWith("words with a wrong letter"))!
  expect(await typos.run()).toEqual({ skipped: "The driver does not find words with wrong letters" })
})
