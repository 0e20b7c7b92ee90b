import { createOmni } from "@omni/core"
import { memory } from "@omni/core/memory"
import { recommend } from "@omni/recommend"

const omni = createOmni({
  store: memory(),
  modules: { recommend: recommend({ consent: () => true, slots: { cart: {}, till: { sources: ["viewed"] } } }) }
})

/** Slots are typed by name. */
export const slots = async () => {
  const { slot } = await omni.recommend.forSlot({ slot: "till" })
  const known: "cart" | "till" = slot
  // @ts-expect-error no slot of this name is declared
  await omni.recommend.forSlot({ slot: "checkout" })
  // @ts-expect-error nor can anything be shown in it
  await omni.recommend.recordShown({ slot: "checkout", items: [] })
  return known
}

// @ts-expect-error whose history may be used is for the app to say
recommend({ slots: {} })

// @ts-expect-error there is no such source
recommend({ consent: () => true, slots: { cart: { sources: ["horoscope"] } } })

/** Errors keep their types. */
export const rollBack = async (): Promise<string | undefined> => {
  const result = await omni.recommend.safe.rollBackModel({})
  if (result.ok) return result.value.version
  return result.error._tag === "ModelNotFound" ? result.error.model : undefined
}
