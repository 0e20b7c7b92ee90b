/** Looks at each package as the registry would get it: publint for its manifest, attw for its types. */
import { spawnSync } from "node:child_process"

import { entries, packages } from "./workspace.ts"

const succeeds = (command: string, args: ReadonlyArray<string>, cwd: string): boolean => {
  const { output, status } = spawnSync(command, args, { cwd, encoding: "utf8" })
  if (status !== 0) console.error(output.join(""))
  return status === 0
}

for (const { dir, manifest } of packages().filter((pkg) => entries(pkg).length > 0)) {
  const described = succeeds("publint", ["--strict", "--pack", "npm"], dir)
  const typed = succeeds("attw", ["--pack", ".", "--profile", "esm-only"], dir)
  console.log(`${manifest.name}: manifest ${described ? "sound" : "unsound"}, types ${typed ? "sound" : "unsound"}`)
  if (!described || !typed) process.exitCode = 1
}
