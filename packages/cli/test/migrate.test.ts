import { createOmni } from "@omni/core"
import { postgres } from "@omni/storage-postgres"
import { expect, it } from "vitest"

import { modules } from "./children/shop.ts"
import { asOwner, atEnd, inPostgres, omni, said } from "./helpers.ts"

const onlyModules = `${import.meta.dirname}/children/only-modules.ts`

it(
  "prints what a DBA is to run, from nothing or from what is there, for a role that may change no table",
  { timeout: 40_000 },
  async () => {
    const { url, schema, args, env } = await inPostgres()
    const role = `${schema}_app`
    await asOwner(url, `create role ${role} login`)
    atEnd(() => asOwner(url, `drop owned by ${role}; drop role ${role}`))
    const as = new URL(url)
    as.username = role

    // Without the right to, what is pending is one line, and nothing is changed.
    const pending = await said(["migrate", "--store", as.toString(), "--schema", schema])
    expect(pending).toMatchObject({ code: 3, out: "", error: expect.stringMatching(/^omni: MigrationPending: .*\n$/) })

    const first = await said(["migrate", "--print", "--schema", schema, "--role", role])
    expect(first).toMatchObject({ code: 0, error: "" })
    await asOwner(url, first.out)
    const more = omni(["migrate", "--print", "--role", role, "--app", onlyModules, ...args], env)
    expect(more.out).toContain("shop_counts")
    expect(more.out).not.toContain(`create table "${schema}".scope`)
    await asOwner(url, more.out)

    const client = createOmni({ store: postgres(as.toString(), { schema }), modules })
    atEnd(() => client.close())
    await client.shop.sell({ article: "mug", n: 1 })
    await client.drain()
    const doctor = await said(["doctor", "--store", as.toString(), "--schema", schema])
    expect(doctor.out).toMatch(/ok +rights: .*make none/)
    expect(await said(["dead-letters", "--store", as.toString(), "--schema", schema])).toMatchObject({ code: 0 })
  }
)

it("says in one line that a server is away, without the password", { timeout: 40_000 }, async () => {
  for (const command of ["lag", "dead-letters", "migrate"]) {
    const { code, out, error } = await said([command, "--store", "postgres://shop:geheim@127.0.0.1:1/shop"])
    expect({ code, out }).toEqual({ code: 3, out: "" })
    expect(error).toMatch(/^omni: StoreUnavailable: .*ECONNREFUSED.*\n$/)
    expect(error).not.toContain("geheim")
  }
  const doctor = await said(["doctor", "--json", "--store", "postgres://shop:geheim@127.0.0.1:1/shop"])
  expect(doctor.json()).toMatchObject({ well: false, findings: [{ level: "problem", code: "unreachable" }] })
  expect(doctor).toMatchObject({ code: 1 })
})
