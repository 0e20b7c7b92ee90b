import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

import { onTestFinished } from "vitest"

/** A folder for one test, gone when it ends. */
export const freshFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "omnishop-test-"))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A store file for one test. */
export const freshStore = (): string => join(freshFolder(), "shop.db")
