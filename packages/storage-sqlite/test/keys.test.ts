import { randomBytes } from "node:crypto"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { dirname } from "node:path"

import { sqlite } from "@omni/storage-sqlite"
import { expect, it } from "vitest"

import { commitOf, landed, put, temporary } from "./helpers.ts"

/** Everything in the folder of a store, as it lies on the disk. */
const bytesBeside = (path: string): ReadonlyArray<readonly [name: string, bytes: Buffer]> =>
  readdirSync(dirname(path)).map((name) => [name, readFileSync(`${dirname(path)}/${name}`)])

const filesWith = (path: string, key: Uint8Array): ReadonlyArray<string> =>
  bytesBeside(path).flatMap(([name, bytes]) => (bytes.includes(Buffer.from(key)) ? [name] : []))

it("keeps keys apart from the rows, and leaves nothing of a destroyed key on the disk", async () => {
  const path = temporary()
  const driver = sqlite(path)
  const { keys } = driver
  landed(await (await driver.open("main")).commit(commitOf({ writes: [put("c", "a", 1)] })))
  // Random subjects in several transactions split the pages of the index in every place.
  const people = Array.from({ length: 2_000 }, () => ({ subject: randomBytes(8).toString("hex"), key: randomBytes(32) }))
  for (let i = 0; i < people.length; i += 100)
    await Promise.all(people.slice(i, i + 100).map(({ subject, key }) => keys.create("main", subject, key)))
  const keysFile = "shop.keys.db"
  for (const { key } of people.slice(0, 50)) expect(filesWith(path, key)).toEqual([keysFile])
  const doomed = people.filter((_, i) => i % 10 === 0)
  for (const { subject } of doomed) await keys.destroy("main", subject)
  for (const [name, bytes] of bytesBeside(path))
    for (const { key } of doomed)
      for (const half of [key.subarray(0, 12), key.subarray(20)].map((part) => Buffer.from(part)))
        expect(bytes.includes(half) ? name : undefined).toBeUndefined()
  const held = await keys.get(
    "main",
    people.map(({ subject }) => subject)
  )
  people.forEach(({ key }, i) => expect(held[i]).toEqual(i % 10 === 0 ? "destroyed" : new Uint8Array(key)))
  await driver.close()
  const again = sqlite(path)
  expect(await again.keys.get("main", [doomed[0]!.subject, people[1]!.subject, "nobody"])).toEqual([
    "destroyed",
    new Uint8Array(people[1]!.key),
    undefined
  ])
  await again.close()
}, 60_000)

it("keeps the first key of a subject, and none after it was destroyed", async () => {
  const path = temporary("shop")
  const [one, two] = [sqlite(path), sqlite(path)]
  const [a, b] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)]
  const made = await Promise.all([one.keys.create("main", "eve", a), two.keys.create("main", "eve", b), one.keys.create("main", "eve", b)])
  expect(made[1]).toEqual(made[0])
  expect(made[2]).toEqual(made[0])
  expect(await two.keys.get("other", ["eve"])).toEqual([undefined])
  await two.keys.destroy("main", "eve")
  await two.keys.destroy("main", "never seen")
  expect(await one.keys.create("main", "eve", a)).toBe("destroyed")
  expect(await one.keys.create("main", "never seen", a)).toBe("destroyed")
  await expect(one.keys.create("main", "half \ud800", a)).rejects.toMatchObject({ _tag: "StoreUnavailable" })
  expect(existsSync(`${path}.keys`)).toBe(true)
  await Promise.all([one.close(), two.close()])
  await expect(one.keys.get("main", ["eve"])).rejects.toThrow("closed")
})

it("keeps keys where it is told, and in memory for a store in memory", async () => {
  const path = temporary()
  const elsewhere = temporary("vault.db")
  for (const driver of [sqlite(path, { keys: elsewhere }), sqlite(":memory:")]) {
    const key = new Uint8Array(randomBytes(32))
    await driver.keys.create("main", "eve", key)
    expect(await driver.keys.get("main", ["eve"])).toEqual([key])
    await driver.close()
  }
  expect(existsSync(elsewhere)).toBe(true)
  expect(readdirSync(dirname(path))).toEqual([])
})
