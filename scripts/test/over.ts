type ScopeOf<D extends { open(id: string): Promise<object> }> = Awaited<ReturnType<D["open"]>>

/** A store that does what another does, but for what stands in place of a scope's own methods: to count what is asked of it, or to fail. */
export const over = <D extends { open(id: string): Promise<object> }>(
  driver: D,
  instead: (scope: ScopeOf<D>, id: string) => Partial<ScopeOf<D>>
): D => ({
  ...driver,
  open: async (id: string) => {
    const scope = (await driver.open(id)) as ScopeOf<D>
    return { ...scope, ...instead(scope, id) }
  }
})
