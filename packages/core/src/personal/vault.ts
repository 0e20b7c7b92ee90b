import { StoreUnavailable, SubjectErased } from "../errors.ts"
import type { Collection, Personal } from "../kernel/collection.ts"
import type { Pace } from "../ports/pace.ts"
import type { KeyStore } from "../ports/store.ts"

/** How a sealed value stands in stored JSON: beside its open fields, whose it is and the sealed rest. */
interface Sealed {
  readonly s: string
  readonly b: string
}

const SEAL = "$sealed"
const text = new TextEncoder()
const untext = new TextDecoder()
/** What is opened, and the keys that are asked for, without a turn for the rest of the app. */
const AT_ONCE = 128
/** The subject of the key that hashes index entries. */
const HASHING = "omni:hash"

const base64 = (bytes: Uint8Array): string => {
  let binary = ""
  for (const byte of bytes) binary += String.fromCharCode(byte)
  return btoa(binary)
}
const unbase64 = (encoded: string): Uint8Array<ArrayBuffer> => {
  const binary = atob(encoded)
  const bytes = new Uint8Array(binary.length)
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i)
  return bytes
}

export const hasPersonal = <T>(personal: Personal<T> | undefined, value: unknown): boolean =>
  personal !== undefined &&
  (personal.fields as ReadonlyArray<string>).some((f) => (value as { readonly [field: string]: unknown })[f] !== undefined) &&
  personal.subject(value as T) !== undefined

/** Keys by subject, as the key store holds them. */
export type Keys = ReadonlyMap<string, Uint8Array | "destroyed">

/** A value as it was before `seal`. */
export interface Opened {
  readonly value: unknown
  /** The subject's key is destroyed: the personal fields are absent for good. */
  readonly erased: boolean
  /** The id in clear, where the collection's ids are personal. */
  readonly id: string | undefined
  readonly sealed: boolean
  /** Why it could not be opened, though nobody has destroyed its key. */
  readonly problem: string | undefined
}

/**
 * Seals and opens personal data of one scope. AES-256-GCM with a key a person, a fresh 96-bit nonce a seal (NIST SP 800-38D), bound to
 * the place where it lies, so that a sealed value cannot be moved to another row. Hashes are HMAC-SHA-256 with a key of the scope.
 */
export class Vault {
  readonly #imported = new Map<string, { readonly raw: Uint8Array; readonly key: Promise<CryptoKey> }>()
  readonly #hashes = new Map<string, string>()
  #hashing: Promise<CryptoKey> | undefined

  readonly #keys: KeyStore
  readonly #scope: string
  readonly #entropy: (bytes: number) => Uint8Array

  constructor(keys: KeyStore, scope: string, entropy: (bytes: number) => Uint8Array) {
    this.#keys = keys
    this.#scope = scope
    this.#entropy = entropy
  }

  /** The keys of subjects, asked for many at a time; who had none gets one. */
  async keysOf(subjects: ReadonlyArray<string>, pace?: Pace): Promise<Keys> {
    const keys = new Map<string, Uint8Array | "destroyed">()
    for (let i = 0; i < subjects.length; i += AT_ONCE) {
      if (pace?.isSpent() === true) await pace.pause()
      const asked = subjects.slice(i, i + AT_ONCE)
      const held = await this.#ask(this.#keys.get(this.#scope, asked))
      const raws = await Promise.all(
        asked.map((subject, n) => held[n] ?? this.#ask(this.#keys.create(this.#scope, subject, this.#entropy(32))))
      )
      for (const [n, raw] of raws.entries()) keys.set(asked[n]!, raw)
    }
    return keys
  }

  /** Puts the personal fields of `value` under the subject's key, one of `keys`. A destroyed key is `SubjectErased`. */
  async seal<T>(personal: Personal<T>, value: unknown, place: string, keys: Keys, id?: string): Promise<unknown> {
    const subject = personal.subject(value as T)!
    const open: Record<string, unknown> = { ...(value as object) }
    const secret: Record<string, unknown> = {}
    for (const field of personal.fields as ReadonlyArray<string>) {
      if (open[field] !== undefined) secret[field] = open[field]
      delete open[field]
    }
    if (id !== undefined) secret["$id"] = id
    const nonce = Uint8Array.from(this.#entropy(12))
    const cipher = await crypto.subtle.encrypt(
      { name: "AES-GCM", iv: nonce, additionalData: text.encode(`${this.#scope}\n${place}`) },
      await this.#import(subject, usable(keys, subject)),
      text.encode(JSON.stringify(secret))
    )
    const bytes = new Uint8Array(12 + cipher.byteLength)
    bytes.set(nonce)
    bytes.set(new Uint8Array(cipher), 12)
    return { ...open, [SEAL]: { s: subject, b: base64(bytes) } satisfies Sealed }
  }

  /** Opens what `seal` made; values that hold nothing sealed come back as they are, and what cannot be opened says why. */
  async open(values: ReadonlyArray<{ readonly value: unknown; readonly place: string }>, pace?: Pace): Promise<ReadonlyArray<Opened>> {
    if (!values.some(({ value }) => isSealed(value))) return values.map(({ value }) => asIs(value))
    const opened: Array<Opened> = []
    for (let i = 0; i < values.length; i += AT_ONCE) {
      if (pace?.isSpent() === true) await pace.pause()
      opened.push(...(await this.#openSome(values.slice(i, i + AT_ONCE))))
    }
    return opened
  }

  async #openSome(values: ReadonlyArray<{ readonly value: unknown; readonly place: string }>): Promise<ReadonlyArray<Opened>> {
    const subjects = new Set<string>()
    for (const { value } of values) if (isSealed(value)) subjects.add(value[SEAL].s)
    const list = [...subjects]
    const held = list.length === 0 ? [] : await this.#ask(this.#keys.get(this.#scope, list))
    const keys = new Map(list.map((subject, i) => [subject, held[i]]))
    return Promise.all(
      values.map(async ({ value, place }) => {
        if (!isSealed(value)) return asIs(value)
        const { [SEAL]: sealed, ...open } = value
        const raw = keys.get(sealed.s)
        if (raw === "destroyed") return { value: open, erased: true, id: undefined, sealed: true, problem: undefined }
        if (raw === undefined) return unopened(open, `is sealed with the key of "${sealed.s}", which is not in the key store.`)
        try {
          const { $id: id, ...secret } = await this.#unseal(sealed, raw, place)
          return { value: { ...open, ...secret }, erased: false, id, sealed: true, problem: undefined }
        } catch {
          return unopened(open, `does not open with the key of "${sealed.s}": it was damaged, moved, or sealed with another key.`)
        }
      })
    )
  }

  async #unseal(sealed: Sealed, raw: Uint8Array, place: string): Promise<{ readonly $id?: string }> {
    const bytes = unbase64(sealed.b)
    const plain = await crypto.subtle.decrypt(
      { name: "AES-GCM", iv: bytes.subarray(0, 12), additionalData: text.encode(`${this.#scope}\n${place}`) },
      await this.#import(sealed.s, raw),
      bytes.subarray(12)
    )
    return JSON.parse(untext.decode(plain)) as { readonly $id?: string }
  }

  /** The keyed hash that stands for a personal id or index entry; the same for equal texts, and nothing without the scope's key. */
  async hash(value: string): Promise<string> {
    const known = this.#hashes.get(value)
    if (known !== undefined) return known
    const mac = await crypto.subtle.sign("HMAC", await this.#hashKey(), text.encode(value))
    const hashed = base64(new Uint8Array(mac).subarray(0, 18))
    if (this.#hashes.size > 10_000) this.#hashes.clear()
    this.#hashes.set(value, hashed)
    return hashed
  }

  async storedId(collection: Collection, id: string): Promise<string> {
    return collection.personalId ? this.hash(`${collection.name}\n${id}`) : id
  }

  async destroy(subject: string): Promise<void> {
    await this.#ask(this.#keys.destroy(this.#scope, subject))
    this.#imported.delete(subject)
    this.#hashes.clear()
  }

  /** Kept once it is there; a key store that was away is asked again. */
  #hashKey(): Promise<CryptoKey> {
    return (this.#hashing ??= this.#hashingKey().catch((error: unknown) => {
      this.#hashing = undefined
      throw error
    }))
  }

  async #hashingKey(): Promise<CryptoKey> {
    const raw = usable(await this.keysOf([HASHING]), HASHING)
    return crypto.subtle.importKey("raw", Uint8Array.from(raw), { name: "HMAC", hash: "SHA-256" }, false, ["sign"])
  }

  async #ask<A>(answer: Promise<A>): Promise<A> {
    return answer.catch((cause: unknown) => {
      if (StoreUnavailable.isFinal(cause)) throw cause
      throw new StoreUnavailable({ message: `The key store did not answer: ${String(cause)}`, cause })
    })
  }

  #import(subject: string, raw: Uint8Array): Promise<CryptoKey> {
    const known = this.#imported.get(subject)
    if (known !== undefined && known.raw.every((byte, i) => byte === raw[i])) return known.key
    const key = crypto.subtle.importKey("raw", Uint8Array.from(raw), "AES-GCM", false, ["encrypt", "decrypt"])
    if (this.#imported.size > 1_000) this.#imported.clear()
    this.#imported.set(subject, { raw, key })
    return key
  }
}

const usable = (keys: Keys, subject: string): Uint8Array => {
  const raw = keys.get(subject)
  if (raw === "destroyed" || raw === undefined)
    throw new SubjectErased({
      subject,
      message: `The key of "${subject}" was destroyed; personal data of this subject can not be written again. Write the row without its personal fields, or under a new subject.`
    })
  return raw
}

export const asIs = (value: unknown): Opened => ({ value, erased: false, id: undefined, sealed: false, problem: undefined })

const unopened = (value: unknown, problem: string): Opened => ({ value, erased: false, id: undefined, sealed: true, problem })

const isSealed = (value: unknown): value is { readonly [SEAL]: Sealed } => typeof value === "object" && value !== null && SEAL in value
