import { inspect } from "node:util"

import { expect, it } from "vitest"

import { asOwner, commitOf, put, temporarySchema } from "./helpers.ts"

const SECRET = "anna@example.org"

/** An error as it would be logged: its message, its causes, and what hangs on them. */
const logged = (error: unknown): string => `${String(error)} ${inspect(error, { depth: 10, showHidden: true })} ${JSON.stringify(error)}`

it("never carries a value of a row in an error, whatever the server says of it", async () => {
  const { url, schema, open, dispose } = await temporarySchema()
  const driver = open()
  await driver.migrate(["test.things"])
  const store = await driver.open("main")
  const commit = () => store.commit(commitOf({ writes: [put(SECRET, { mail: SECRET })], events: [] }))
  const breakages = [
    `alter table ${schema}.test_things add constraint strict check (length(value::text) < 3)`,
    `create function ${schema}.shout() returns trigger language plpgsql as $$ begin raise exception 'no % here', new.value; end $$;
     alter table ${schema}.test_things drop constraint strict;
     create trigger shout before insert on ${schema}.test_things for each row execute function ${schema}.shout()`,
    `drop trigger shout on ${schema}.test_things; alter table ${schema}.test_things alter column id type varchar(3)`
  ]
  for (const breakage of breakages) {
    await asOwner(url, breakage)
    const error = await commit().then(
      (result) => result,
      (thrown: unknown) => thrown
    )
    expect(error).not.toMatchObject({ _tag: "Committed" })
    expect(logged(error)).toContain("SQLSTATE")
    expect(logged(error)).not.toContain(SECRET)
  }
  await driver.close()
  await dispose()
})
