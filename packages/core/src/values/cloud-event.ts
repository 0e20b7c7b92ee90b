import * as Data from "effect/Data"
import * as z from "zod"

/** A text is not a CloudEvent in structured JSON mode. `issues` name each attribute and what was expected of it. */
export class InvalidCloudEvent extends Data.TaggedError("InvalidCloudEvent")<{
  readonly message: string
  readonly issues: ReadonlyArray<{ readonly path: string; readonly message: string }>
}> {}

/** The media type of one CloudEvent in structured JSON mode. */
export const CLOUD_EVENT_MEDIA_TYPE = "application/cloudevents+json; charset=UTF-8"

/** The value of an extension attribute: a Boolean, a 32-bit Integer, or a String (binary, URIs and timestamps are strings in JSON). */
export type CloudEventAttribute = boolean | number | string

/**
 * A CloudEvent 1.0: the envelope in which facts leave and enter. Extension attributes stand beside the others, under names of lower-case
 * ASCII letters and digits. `data` is JSON, or the text itself when `datacontenttype` is not a JSON type; binary data is in `data_base64`.
 */
export interface CloudEvent {
  readonly specversion: "1.0"
  /** With `source`, unique to the occurrence: a copy with both equal is the same event. */
  readonly id: string
  /** URI reference of who produced it. */
  readonly source: string
  /** Kind of occurrence, reverse-DNS by custom: "com.example.order.placed". */
  readonly type: string
  readonly subject?: string
  /** RFC 3339. */
  readonly time?: string
  readonly datacontenttype?: string
  readonly dataschema?: string
  readonly data?: unknown
  readonly data_base64?: string
  readonly [extension: string]: unknown
}

const text = z
  .string()
  .min(1)
  .refine((value) => !/[\p{Cc}\p{Cs}]/u.test(value), {
    error: "Control characters and broken surrogate pairs are not allowed"
  })
const uriReference = text.refine((value) => /^[^\s<>"{}|\\^`]+$/.test(value), {
  error: "Write a URI reference, without spaces"
})
const uri = uriReference.refine((value) => /^[a-z][a-z0-9+.-]*:/i.test(value), { error: "Write an absolute URI" })
const extension = z.union([z.boolean(), z.int32(), text.or(z.literal(""))])
const mediaType = text.regex(/^[\w!#$&^.+-]+\/[\w!#$&^.+-]+(\s*;.*)?$/, {
  error: 'Write a media type such as "application/json"'
})

/** Checked, not copied: a copy would lose a key named `__proto__`, which is a key like any other in JSON. */
const isJson = (value: unknown): boolean => {
  if (typeof value === "number") return Number.isFinite(value)
  if (typeof value !== "object" || value === null) return value === null || typeof value === "string" || typeof value === "boolean"
  return Array.isArray(value) ? value.every(isJson) : Object.values(value).every(isJson)
}

const KNOWN = new Set(["specversion", "id", "source", "type", "subject", "time", "datacontenttype", "dataschema", "data", "data_base64"])

/** See the type `CloudEvent`. Source: CloudEvents 1.0.2, core specification and JSON event format. */
export const CloudEvent: z.ZodType<CloudEvent, CloudEvent> = z
  .looseObject({
    specversion: z.literal("1.0"),
    id: text,
    source: uriReference,
    type: text,
    subject: text.exactOptional(),
    time: z.iso.datetime({ offset: true }).exactOptional(),
    datacontenttype: mediaType.exactOptional(),
    dataschema: uri.exactOptional(),
    data: z.custom<unknown>(isJson, "Data is JSON").exactOptional(),
    data_base64: z.base64().exactOptional()
  })
  .superRefine((event, context) => {
    if (event.data !== undefined && event.data_base64 !== undefined) {
      context.addIssue({
        code: "custom",
        path: ["data_base64"],
        message: "An event holds data or data_base64, not both"
      })
    }
    if (event.data !== undefined && typeof event.data !== "string" && !/^[^;]*[/+]json\s*(;|$)/i.test(event.datacontenttype ?? "/json")) {
      context.addIssue({ code: "custom", path: ["data"], message: "Data that is not of a JSON media type is a string" })
    }
    for (const [name, value] of Object.entries(event)) {
      if (KNOWN.has(name)) continue
      if (!/^[a-z0-9]+$/.test(name)) {
        context.addIssue({
          code: "custom",
          path: [name],
          message: "Extension attributes are named with lower-case letters and digits only"
        })
      } else if (!extension.safeParse(value).success) {
        context.addIssue({
          code: "custom",
          path: [name],
          message: "An extension attribute is a string, a 32-bit integer or a boolean"
        })
      }
    }
  })
  .readonly()

/** The event as JSON text in structured mode, to be sent as `CLOUD_EVENT_MEDIA_TYPE`. Throws `InvalidCloudEvent`. */
export const encodeCloudEvent = (event: CloudEvent): string => JSON.stringify(checked(event))

/**
 * The event that a text in structured JSON mode holds; attributes that are null count as absent (JSON event format, section 2.2).
 * Decoding what was encoded gives the same event. Throws `InvalidCloudEvent`.
 */
export const decodeCloudEvent = (json: string): CloudEvent => checked(withoutNulls(parse(json)))

const checked = (value: unknown): CloudEvent => {
  const result = CloudEvent.safeParse(value)
  if (result.success) return result.data
  throw invalid(result.error.issues.map(({ path, message }) => ({ path: path.join("."), message })))
}

const parse = (json: string): unknown => {
  try {
    return JSON.parse(json)
  } catch (error) {
    throw invalid([{ path: "", message: error instanceof Error ? error.message : String(error) }])
  }
}

const withoutNulls = (value: unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).filter(([name, member]) => member !== null || name === "data"))
    : value

const invalid = (issues: InvalidCloudEvent["issues"]) =>
  new InvalidCloudEvent({
    message: `Not a CloudEvent 1.0: ${issues.map(({ path, message }) => `${path === "" ? "text" : path}: ${message}`).join("; ")}.`,
    issues
  })
