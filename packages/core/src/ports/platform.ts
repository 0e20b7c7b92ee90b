/** The only clock, randomness and scheduling that the engine uses; tests and simulations give their own. */
export interface Platform {
  readonly clock: Clock
  /** Unpredictable bytes, for seeds, nonces and keys. */
  readonly entropy: (bytes: number) => Uint8Array
  /** Lets everything else that waits on the event loop have its turn (a macrotask). */
  readonly yield: () => Promise<void>
}

export interface Clock {
  /** Epoch milliseconds. */
  now(): number
  /** Resolves after `milliseconds`, or at once when the signal is aborted. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>
}

/** What the platform offers beyond the language, looked up where it runs: a browser has no setImmediate. */
interface Global {
  readonly setTimeout: (run: () => void, milliseconds: number) => unknown
  readonly clearTimeout: (timer: unknown) => void
  readonly setImmediate?: (run: () => void) => unknown
  readonly process?: { readonly env: { readonly [name: string]: string | undefined } }
}
const here: object = globalThis
const platform = here as Global

const sleep = (milliseconds: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal?.aborted === true) return resolve()
    const stop = () => {
      platform.clearTimeout(timer)
      signal?.removeEventListener("abort", stop)
      resolve()
    }
    const timer = platform.setTimeout(stop, Math.min(milliseconds, 2_147_483_647))
    signal?.addEventListener("abort", stop)
  })

// The one clock and the one source of randomness that are not given: what `createOmni` takes when it is told of no others.
/* oxlint-disable no-restricted-properties */
const systemClock: Clock = { now: () => Date.now(), sleep }

/** Random bytes are drawn 4 kB at a time: a call into the platform costs more than the bytes. */
const pooled = (): Platform["entropy"] => {
  let pool = new Uint8Array(0)
  let used = 0
  return (bytes) => {
    if (used + bytes > pool.length) {
      pool = crypto.getRandomValues(new Uint8Array(Math.max(4096, bytes)))
      used = 0
    }
    used += bytes
    return pool.slice(used - bytes, used)
  }
}

const macrotask =
  platform.setImmediate === undefined
    ? () => new Promise<void>((resolve) => void platform.setTimeout(resolve, 0))
    : () => new Promise<void>((resolve) => void platform.setImmediate!(resolve))

export const systemPlatform = (): Platform => ({ clock: systemClock, entropy: pooled(), yield: macrotask })

/** Whether checks that cost time are on by default: everywhere but in production. */
export const isDevelopment = (): boolean => platform.process?.env["NODE_ENV"] !== "production"
