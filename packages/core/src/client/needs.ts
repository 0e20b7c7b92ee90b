import { ModuleMissing } from "../errors.ts"
import type { Module, Need } from "../kernel/module.ts"
import type { AnyOperation } from "../kernel/operation.ts"

type Missing = ModuleMissing["missing"][number]

/**
 * What a module needs because the app handed it in as an option: an operation of another module, or an event that it is to follow. What is
 * neither, such as a function of the app's own, or nothing at all, needs no module: `needs: handedIn(options.send)`.
 */
export const handedIn = (...options: ReadonlyArray<unknown>): ReadonlyArray<Need> =>
  options.flatMap((option): ReadonlyArray<Need> => {
    if (typeof option === "function") return "body" in option && "input" in option ? [{ operation: option as AnyOperation }] : []
    return isNamed(option) && "schema" in option ? [{ event: option }] : []
  })

const isNamed = (value: unknown): value is { readonly name: string } => typeof value === "object" && value !== null && "name" in value

/** Refuses an app of these modules where some of them lack what they need. Throws `ModuleMissing`, which names all that is missing. */
export const assertComplete = (modules: ReadonlyArray<Module>, those: ReadonlyArray<Module>): void => {
  const missing = those.flatMap(({ name, needs }) => needs.flatMap((need) => lackOf(modules, name, need) ?? []))
  if (missing.length === 0) return
  const listed = missing.map(({ neededBy, name, add }) => `"${neededBy}" needs "${name}": ${add}`).join("; ")
  throw new ModuleMissing({ missing, message: `Modules are missing. ${listed}.` })
}

const lackOf = (modules: ReadonlyArray<Module>, neededBy: string, need: Need): Missing | undefined => {
  if ("module" in need)
    return modules.some(({ name }) => name === need.module) ? undefined : { neededBy, name: need.module, add: `add ${need.add}` }
  if ("event" in need) {
    const { name } = need.event
    // The kernel's own are there without a module.
    if (name.startsWith("omni.")) return undefined
    if (modules.some(({ events }) => events.some((event) => event.name === name))) return undefined
    return { neededBy, name, add: `add the module whose event it is, or name it in the \`events\` of one of the app's own` }
  }
  const { name } = need.operation
  const brought = modules.flatMap(({ operations, internal }) => [...Object.values(operations), ...internal])
  if (brought.includes(need.operation)) return undefined
  const add = brought.some((operation) => operation.name === name)
    ? "the app has another module of that name than the one that it was taken from; make the module once, add it, and hand in its operations"
    : "add the module that it was taken from"
  return { neededBy, name, add }
}
