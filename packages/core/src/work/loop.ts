import type { Clock } from "../ports/platform.ts"

/** How long to wait for something to do when nothing says that there is (ms). */
const POLL = 1000

/** What came of one look at everything. */
export interface Pass {
  readonly progress: boolean
  /** When there is something to do again. */
  readonly next: number
  readonly failures: ReadonlyArray<unknown>
}

/** What goes on beside the calls of clients: until `stop`, or until nothing is left to do now. */
export interface Worker {
  start(): void
  /** Begins nothing more, and waits for what is under way. */
  stop(): Promise<void>
  /** Does what is due now. */
  drain(): Promise<Omit<Pass, "next">>
  /** Something was committed in a scope. */
  wake(scope: string): void
}

/** Makes pass after pass; waits while there is nothing to do, and longer after failures. */
export class Loop {
  #stopping = new AbortController()
  #woken = new AbortController()
  #running: Promise<void> | undefined

  readonly #clock: Clock
  readonly #pass: () => Promise<Pass>
  readonly #report: (error: unknown) => void

  constructor(clock: Clock, pass: () => Promise<Pass>, report: (error: unknown) => void) {
    this.#clock = clock
    this.#pass = pass
    this.#report = report
  }

  get isRunning(): boolean {
    return this.#running !== undefined
  }

  start(): void {
    if (this.isRunning) return
    this.#stopping = new AbortController()
    this.#running = this.#loop()
  }

  async stop(): Promise<void> {
    this.#stopping.abort()
    this.#woken.abort()
    await this.#running
    this.#running = undefined
  }

  wake(): void {
    this.#woken.abort()
  }

  async #loop(): Promise<void> {
    let failures = 0
    while (!this.#stopping.signal.aborted) {
      this.#woken = new AbortController()
      const pass = await this.#pass().catch((error: unknown) => ({ progress: false, next: 0, failures: [error] }))
      for (const error of pass.failures) this.#report(error)
      // The store is away or a reactor is stuck: nothing is lost by trying again later.
      failures = pass.failures.length === 0 ? 0 : failures + 1
      if (failures > 0 && !pass.progress) await this.#clock.sleep(Math.min(30_000, 100 * 2 ** failures), this.#stopping.signal)
      else if (!pass.progress) await this.#clock.sleep(Math.max(0, Math.min(POLL, pass.next - this.#clock.now())), this.#woken.signal)
    }
  }
}
