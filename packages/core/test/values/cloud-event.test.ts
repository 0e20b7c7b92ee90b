import { type CloudEvent, decodeCloudEvent, encodeCloudEvent, InvalidCloudEvent } from "@omni/core"
import fc from "fast-check"
import { describe, expect, it } from "vitest"

const least: CloudEvent = { specversion: "1.0", id: "1", source: "/shop", type: "com.example.order.placed" }

const decode = (event: object) => decodeCloudEvent(JSON.stringify(event))

describe("CloudEvents in structured JSON mode", () => {
  it.each<[string, object]>([
    ["the required attributes alone", {}],
    [
      "all attributes",
      {
        subject: "order-1",
        time: "2026-03-07T09:00:00Z",
        datacontenttype: "application/json",
        dataschema: "https://example.com/s",
        data: { a: 1 }
      }
    ],
    ["nanoseconds and an offset", { time: "2026-03-07T09:00:00.123456789+05:30" }],
    ["a relative source", { source: "#fragment" }],
    ["text as data", { datacontenttype: "text/plain; charset=utf-8", data: "hello" }],
    ["a string as JSON data", { data: "hello" }],
    ["JSON data of a vendor's type", { datacontenttype: "application/vnd.shop+json", data: [1, null] }],
    ["null as data", { data: null }],
    ["binary data", { datacontenttype: "image/png", data_base64: "iVBORw0KGgo=" }],
    ["extension attributes of every type", { ext1: "text", ext2: "", count: -2147483648, flag: false, when: "2026-03-07T09:00:00Z" }]
  ])("keeps %s", (_, extra) => {
    const event = { ...least, ...extra }
    expect(decode(event)).toEqual(event)
    expect(JSON.parse(encodeCloudEvent(decode(event)))).toEqual(event)
  })

  it("takes null attributes as absent", () => {
    expect(decode({ ...least, subject: null, time: null, datacontenttype: null, dataschema: null, ext: null, data_base64: null })).toEqual(
      least
    )
  })

  it.each<[string, object]>([
    ["no specversion", { specversion: undefined }],
    ["another specversion", { specversion: "0.3" }],
    ["no id", { id: undefined }],
    ["a null id", { id: null }],
    ["an empty id", { id: "" }],
    ["a number as id", { id: 25 }],
    ["an empty source", { source: "" }],
    ["a source with a space", { source: "/a shop" }],
    ["an empty type", { type: "" }],
    ["an empty subject", { subject: "" }],
    ["a time without seconds", { time: "2026-03-07T09:00Z" }],
    ["a time without offset", { time: "2026-03-07T09:00:00" }],
    ["a time with hours only as offset", { time: "2026-03-07T09:00:00+05" }],
    ["a time with an impossible offset", { time: "2026-03-07T09:00:00+25:00" }],
    ["a time on a day that is not", { time: "2026-02-30T09:00:00Z" }],
    ["a time in words", { time: "lunchtime" }],
    ["a content type that is none", { datacontenttype: "xyz" }],
    ["an empty content type", { datacontenttype: "" }],
    ["a relative data schema", { dataschema: "/schema" }],
    ["a capital in an attribute's name", { myExtension: "x" }],
    ["a point in an attribute's name", { "my.extension": "x" }],
    ["a fraction as attribute", { ext: 1.5 }],
    ["a number beyond 32 bits as attribute", { ext: 2147483648 }],
    ["an object as attribute", { ext: {} }],
    ["a control character in an attribute", { ext: "a\u0007" }],
    ["data twice", { data: "a", data_base64: "YQ==" }],
    ["binary data that is not base64", { data_base64: "%%%" }],
    ["an object as data of a text type", { datacontenttype: "text/plain", data: {} }]
  ])("refuses %s", (_, extra) => {
    const event = { ...least, ...extra }
    expect(() => decode(event)).toThrow(InvalidCloudEvent)
  })

  it.each(["", "{", "[]", "null", "7", '"x"', '{"__proto__":{}}'])("refuses the text %j", (text) => {
    expect(() => decodeCloudEvent(text)).toThrow(InvalidCloudEvent)
  })

  it("refuses to send what nobody could read, and says which attribute it is", () => {
    expect(() => encodeCloudEvent({ ...least, Actor: "x" })).toThrow(/Actor: .*lower-case/)
    try {
      encodeCloudEvent({ ...least, id: "" })
      expect.unreachable()
    } catch (error) {
      expect(error).toMatchObject({ _tag: "InvalidCloudEvent", issues: [{ path: "id" }] })
    }
  })

  it("keeps a key named __proto__", () => {
    const text = `{"specversion":"1.0","id":"1","source":"/s","type":"t","data":{"__proto__":{"a":1}}}`
    expect(encodeCloudEvent(decodeCloudEvent(text))).toContain(`"data":{"__proto__":{"a":1}}`)
  })

  it("decodes to what was encoded, whatever the data is", () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9]{0,19}$/).map((text) => `x${text}`)
    const value = fc.oneof(fc.boolean(), fc.integer(), fc.string({ unit: "grapheme" }))
    fc.assert(
      fc.property(fc.jsonValue(), fc.dictionary(name, value, { noNullPrototype: true }), (data, extensions) => {
        const event = JSON.parse(JSON.stringify({ ...least, ...extensions, data }))
        expect(decodeCloudEvent(encodeCloudEvent(event))).toEqual(event)
      })
    )
  })
})
