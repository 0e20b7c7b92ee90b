type WithoutAbsent<T> = { [K in keyof T]: Exclude<T[K], undefined> }

/** The same without what is `undefined`: as a row is stored, and so that it takes the place of no default. */
export const withoutAbsent = <T extends object>(value: T) =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as WithoutAbsent<T>
