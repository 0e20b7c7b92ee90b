/** Looks at each package as the registry would get it: publint for its manifest, attw for its types, and Node loads what was built. */
import { spawnSync } from "node:child_process"

import { entries, type Package, packages } from "./workspace.ts"

const succeeds = (command: string, args: ReadonlyArray<string>, cwd: string): boolean => {
  const { output, status } = spawnSync(command, args, { cwd, encoding: "utf8" })
  if (status !== 0) console.error(output.join(""))
  return status === 0
}

/** Each entry in a process that knows nothing of the sources. */
const loads = (pkg: Package): boolean =>
  succeeds(
    process.execPath,
    [
      "--input-type=module",
      "--eval",
      entries(pkg)
        .map(({ built }) => `import "./dist/${built}.js"`)
        .join("\n")
    ],
    pkg.dir
  )

for (const pkg of packages().filter((pkg) => entries(pkg).length > 0)) {
  const { dir, manifest } = pkg
  const described = succeeds("publint", ["--strict", "--pack", "npm"], dir)
  const typed = succeeds("attw", ["--pack", ".", "--profile", "esm-only"], dir)
  const loaded = loads(pkg)
  const verdict = (sound: boolean) => (sound ? "sound" : "unsound")
  console.log(`${manifest.name}: manifest ${verdict(described)}, types ${verdict(typed)}, code ${verdict(loaded)}`)
  if (!described || !typed || !loaded) process.exitCode = 1
}
