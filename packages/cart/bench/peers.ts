import { execFileSync } from "node:child_process"
import { existsSync } from "node:fs"
import { createRequire } from "node:module"
import { join } from "node:path"

const folder = join(import.meta.dirname, "peers")

/** Something of a peer that is installed beside the benchmark, and is installed now if it is not there. */
export const peer = <A>(name: string): A => {
  if (!existsSync(join(folder, "node_modules", name))) {
    console.error("Medusa and Vendure are being installed for the benchmark …")
    const options = ["install", "--ignore-workspace", "--ignore-scripts", "--no-lockfile", "--prod"]
    execFileSync("npx", ["-y", "pnpm@12", ...options], { cwd: folder, stdio: ["ignore", 2, 2] })
  }
  return createRequire(join(folder, "package.json"))(name)
}
