import { catalog } from "@omni/catalog"
import { InvalidOptions } from "@omni/core"
import { assert, it } from "vitest"

import { channel } from "./shop.ts"

const web = channel("web")

const issuesOf = (channels: ReadonlyArray<object>): ReadonlyArray<string> => {
  try {
    catalog({ channels: channels as never })
    return []
  } catch (error) {
    assert.instanceOf(error, InvalidOptions)
    return (error as InvalidOptions).issues.map(({ path, message }) => `${path}: ${message}`)
  }
}

it("channels that are none are refused like other options, and what else they have is the app's own", () => {
  assert.deepEqual(issuesOf([{ ...web, color: "red" }]), [])
  assert.deepEqual(issuesOf([web, web]), ["channels: Each channel has an id of its own"])
  assert.match(issuesOf([web, { ...web, id: "app", country: "nowhere" }]).join(), /^channels\.1\.country: /)
  assert.match(issuesOf([{ ...web, currency: 5 }]).join(), /^channels\.0\.currency: /)
})
