import { ChannelKind, Id, type Json } from "@omni/core"
import * as z from "zod"

/** Any JSON. */
export const JsonValue: z.ZodType<Json, Json> = z.json()

/** What a message is in law: `marketing` needs consent; `transactional` belongs to something that the customer has asked for. */
export const Category = z.enum(["marketing", "transactional"])
export type Category = z.infer<typeof Category>

/** What a message says. `subject` is an e-mail's subject and a push message's title; `text` is always there, also beside `html`. */
export const Content = z.strictObject({
  subject: z.string().min(1).max(500).exactOptional(),
  text: z.string().min(1).max(100_000),
  html: z.string().min(1).max(1_000_000).exactOptional(),
  /** For the app that a push message opens: where to go, which cart. */
  data: z.record(z.string(), z.string()).exactOptional()
})
export type Content = z.infer<typeof Content>

/** What a message says on each kind of channel; a kind without an entry is not used for it. */
export const Contents = z.partialRecord(ChannelKind, Content)
export type Contents = z.infer<typeof Contents>

/** A template of the app by its name, with the data to fill it. It is filled when the message goes out, not before. */
export const TemplateUse = z.strictObject({ template: Id, data: z.record(z.string(), JsonValue).exactOptional() })
export type TemplateUse = z.infer<typeof TemplateUse>

/** What to say: the same on every kind, by kind, or by template. */
export const Said = z.union([Content, TemplateUse, Contents])
export type Said = z.infer<typeof Said>

/** What was said, as it is kept: a newer release may have written more of it than this one knows. */
export const KeptContent = z.object(Content.shape)
export const KeptSaid = z.union([KeptContent, z.object(TemplateUse.shape), z.partialRecord(ChannelKind, KeptContent)])

/** The content for a kind, of what is said; `undefined` when nothing is for this kind. */
export const contentFor = (said: Content | Contents, kind: ChannelKind): Content | undefined => (isContent(said) ? said : said[kind])

/** The kinds that something is said for; `undefined` for all. */
export const kindsOf = (said: Content | Contents): ReadonlyArray<ChannelKind> | undefined =>
  isContent(said) ? undefined : ChannelKind.options.filter((kind) => said[kind] !== undefined)

/** Whether a template is meant. */
export const isTemplate = (said: Said): said is TemplateUse => "template" in said && typeof said.template === "string"

const isContent = (said: Content | Contents): said is Content => "text" in said
