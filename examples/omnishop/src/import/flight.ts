/** Many calls under way at once, so that the engine can put them into one commit; and never more than so many. */
export interface Flight {
  /** Starts a call as soon as there is room for it. A call that failed makes this reject, or `landed`. */
  start(call: () => Promise<unknown>): Promise<void>
  /** Resolves when all have ended. */
  landed(): Promise<void>
}

/** A flight of at most `most` calls, awaited by one caller. */
export const flightOf = (most: number): Flight => {
  let flying = 0
  let failure: { readonly error: unknown } | undefined
  let wake: () => void = () => {}
  const land = (): void => {
    flying--
    wake()
  }
  const room = async (limit: number): Promise<void> => {
    while (flying > limit)
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    if (failure !== undefined) throw failure.error
  }
  return {
    start: async (call) => {
      if (flying >= most) await room(most - 1)
      flying++
      call()
        .catch((error: unknown) => {
          failure ??= { error }
        })
        .finally(land)
    },
    landed: () => room(0)
  }
}
