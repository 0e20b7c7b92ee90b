import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

import { onTestFinished } from "vitest"

import { fileHome, type Home } from "../src/home.ts"

/** A folder for one test, gone when it ends. */
export const freshFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "omnishop-test-"))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A store in a file, for one test. */
export const freshHome = (): Home => fileHome(join(freshFolder(), "shop.db"))
