import { existsSync, globSync, readFileSync } from "node:fs"
import { dirname, join, resolve } from "node:path"

/** The fields of a `package.json` that the scripts read. */
export interface Manifest {
  readonly name: string
  readonly private?: boolean
  readonly exports?: Readonly<Record<string, Readonly<Record<string, string>>>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly "size-limit"?: ReadonlyArray<{
    readonly path: string
    readonly limit: string
    readonly import?: string | Readonly<Record<string, string>>
  }>
}

/** A folder of the workspace with its manifest; `short` is the name of the folder. */
export interface Package {
  readonly short: string
  readonly dir: string
  readonly manifest: Manifest
}

/** The absolute path of the repository. */
export const root: string = resolve(import.meta.dirname, "..")

/** The condition under which the packages of the workspace find one another as source. */
export const sourceCondition = "@omni/source"

/** Reads a JSON file whose form the caller vouches for. */
export const readJson = <A>(path: string): A => JSON.parse(readFileSync(path, "utf8"))

const inFolder = (pattern: string): ReadonlyArray<Package> =>
  globSync(pattern, { cwd: root })
    .sort()
    .map((file) => {
      const dir = dirname(join(root, file))
      return { short: dir.slice(dir.lastIndexOf("/") + 1), dir, manifest: readJson<Manifest>(join(root, file)) }
    })

/** The publishable packages, in the order of their folders. */
export const packages = (): ReadonlyArray<Package> => inFolder("packages/*/package.json")

/** The example apps, in the order of their folders. */
export const examples = (): ReadonlyArray<Package> => inFolder("examples/*/package.json")

/** The private `bench/` place of a package, where the peers that it is compared with are installed. */
export const benchOf = (pkg: Package): Package | undefined => {
  const file = join(pkg.dir, "bench/package.json")
  return existsSync(file) ? { short: pkg.short, dir: dirname(file), manifest: readJson<Manifest>(file) } : undefined
}

/** One entry of a package's `exports`: how users import it, its source file, and its path in `dist` without an ending. */
export interface Entry {
  readonly specifier: string
  readonly source: string
  readonly built: string
}

/** The entries of a package whose source is there, in the order of its `exports`. */
export const entries = (pkg: Package): ReadonlyArray<Entry> =>
  Object.entries(pkg.manifest.exports ?? {}).flatMap(([subpath, conditions]) => {
    const source = conditions[sourceCondition]
    const built = conditions["default"]?.match(/^\.\/dist\/(.+)\.js$/)?.[1]
    if (source === undefined || built === undefined || !existsSync(join(pkg.dir, source))) return []
    return [{ specifier: join(pkg.manifest.name, subpath), source: join(pkg.dir, source), built }]
  })

/** An adapter speaks to the outside world, so it alone may use `node:` and the platform's clock and timers. */
export const isAdapter = (short: string): boolean => /^(storage|transport|channel|search)-|^(testkit|cli)$/.test(short)

/** What a published package needs at run time, by name. */
export const runtimeNames = ({ manifest }: Package): ReadonlyArray<string> =>
  Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })

/** Everything that a package's own tests may import, by name. */
export const allNames = (pkg: Package): ReadonlyArray<string> => [...runtimeNames(pkg), ...Object.keys(pkg.manifest.devDependencies ?? {})]
