import type { SimulatedPlatform } from "./platform.ts"

/**
 * Runs `work` while the platform's cryptography, which computes on other threads, answers in the order it was asked, and simulated time
 * waits for it. It stands in for `crypto.subtle` until `work` has ended.
 */
export const withOrderedCrypto = async <A>(platform: SimulatedPlatform, work: () => Promise<A>): Promise<A> => {
  const { crypto } = globalThis
  const { subtle } = crypto
  const ordered = new Proxy(subtle, {
    get(target, name) {
      const method: unknown = Reflect.get(target, name, target)
      if (typeof method !== "function") return method
      return (...args: ReadonlyArray<unknown>) => platform.outside(() => Reflect.apply(method, target, args) as Promise<unknown>)
    }
  })
  Object.defineProperty(crypto, "subtle", { value: ordered, configurable: true })
  try {
    return await work()
  } finally {
    Reflect.deleteProperty(crypto, "subtle")
  }
}
