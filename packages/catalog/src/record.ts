import * as z from "zod"

/** The one key that JSON can hold and zod leaves out without a word: what is not kept is refused. */
const LOST = "__proto__"

/** A name that is the key of something: any but that one. */
export const Name = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .refine((name) => name !== LOST, { error: "Any name but this one" })

/** Values by a name, as `z.record`, which refuses what it could not keep. */
export const recordOf = <V>(
  key: z.ZodType<string, string>,
  value: z.ZodType<V, V>
): z.ZodType<Readonly<Record<string, V>>, Record<string, V>> =>
  z
    .custom<Record<string, V>>((given) => typeof given !== "object" || given === null || !Object.hasOwn(given, LOST), {
      error: `Any name but "${LOST}"`,
      abort: true
    })
    .pipe(z.record(key, value).readonly())
