import type { SearchDocument, SearchRequest } from "../port.ts"
import { type Bench, idsOf, type Proof, product, random, request, same, SearchLawBroken } from "./bench.ts"

const named = (names: Readonly<Record<string, string>>): ReadonlyArray<SearchDocument> =>
  Object.entries(names).map(([id, name]) => product(id, { text: { name } }))

/** Each text finds these, in whatever order. */
const finds = async (
  { filled }: Bench,
  documents: ReadonlyArray<SearchDocument>,
  expected: Readonly<Record<string, ReadonlyArray<string>>>,
  more: Partial<SearchRequest> = {},
  settings: Parameters<Bench["filled"]>[1] = {}
): Promise<void> => {
  const index = await filled(documents, settings)
  for (const [text, ids] of Object.entries(expected))
    same((await idsOf(index, { text, ...more })).toSorted(), ids.toSorted(), `"${text}" finds something else`)
}

const words: Proof = (bench) =>
  finds(bench, named({ a: "Champú de niños", b: "Champú seco", c: "Jabón seco" }), {
    champú: ["a", "b"],
    CHAMPU: ["a", "b"],
    "seco champu": ["b"],
    jabon: ["c"],
    "champu jabon": [],
    "el champú de los niños": ["a"]
  })

const tildes: Proof = async (bench) => {
  const documents = named({ a: "Caña azul", b: "Cana azul", c: "Cañas", d: "Canas" })
  const both = ["a", "b", "c", "d"]
  await finds(bench, documents, { caña: ["a", "c"], cana: both })
  await finds(bench, documents, { caña: ["a", "c"], cañ: ["a", "c"], "azul cañ": ["a"], cana: both, can: both }, { prefix: true })
}

const begun: Proof = async (bench) => {
  const documents = named({ a: "Zapatillas rojas", b: "Zapatos rojos", c: "Gorra roja" })
  await finds(bench, documents, { zapat: ["a", "b"], zapatill: ["a"], "roja zap": ["a", "b"], gor: ["c"] }, { prefix: true })
  await finds(bench, documents, { gor: [] }, { prefix: false })
}

const codes: Proof = async ({ filled }) => {
  const index = await filled([
    product("by-words", { text: { name: "SH-100 SH-100 SH-100" }, boost: 5 }),
    product("by-code", { codes: ["sh100", "sh200", "shxcde", "04006381333931"], text: { name: "Maquinilla" } })
  ])
  same((await idsOf(index, { text: "SH-100" }))[0], "by-code", "What a code names does not come first")
  same(await idsOf(index, { text: "4006381333931", code: "04006381333931" }), ["by-code"], "A code is not found")
  for (const text of ["sh 200", "SH200", "sh/200", "shx cde"])
    same(await idsOf(index, { text }), ["by-code"], `A code typed as "${text}" is not found`)
  for (const text of ["maquinilla 4006381333931", "sh-200 maquinilla", "sh 200 maquinilla", "maquinilla sh200"]) {
    same(await idsOf(index, { text }), ["by-code"], `A code among words, "${text}", is not found`)
  }
  for (const text of ["sh-20", "sh 20", "shx", "maquinilla shx", "maquinilla sh 20"])
    same(await idsOf(index, { text, prefix: true }), ["by-code"], `A code that is being typed, "${text}", is not found`)
  same(await idsOf(index, { text: "sh-20" }), [], "A code is found by its beginning, though nothing is being typed")
  same(await idsOf(index, { text: "secador shx", prefix: true }), [], "A code that is being typed is found where it has not the words")
  same(await idsOf(index, { text: "secador sh-200" }), [], "A code among words is found where it has not the words")
}

const joined: Proof = async (bench) => {
  for (const [written, typed] of [
    ["Helado Ice cream", ["icecream", "ice cream", "helado icecream"]],
    ["Helado Icecream", ["ice cream", "icecream", "ice cream helado"]],
    ["Mando PS5", ["ps 5", "ps5", "mando ps 5"]],
    ["Mando PS 5", ["ps5", "ps 5", "ps5 mando"]],
    ["Router wi-fi", ["wifi", "wi fi", "wi-fi", "wifi router"]]
  ] as const) {
    await finds(bench, named({ it: written, other: "Vaso" }), Object.fromEntries(typed.map((text) => [text, ["it"]])))
  }
  // What has the stem of the first word alone is not both words.
  await finds(bench, named({ it: "Copa" }), { "copa d": [] })
  const english = { view: "web/en", languages: ["en"], locale: "en" }
  const tooth = product("tooth", {})
  await finds(
    bench,
    [{ ...tooth, texts: [{ views: ["web/en"], language: "en", name: "Tooth" }] }],
    { "tooth ed": [], tooth: ["tooth"] },
    english
  )
}

const measures: Proof = (bench) =>
  finds(bench, named({ a: "Agua 1,5 l", b: "Agua 500 ml", c: 'Televisor 55"', d: "Leche 1L", e: "Pack 6 x 330ml" }), {
    "agua 1.5l": ["a"],
    "agua 1500 ml": ["a"],
    "1,5 litros": ["a"],
    "0,5 l": ["b"],
    "televisor 55 pulgadas": ["c"],
    '55"': ["c"],
    "1000ml": ["d"],
    "33 cl": ["e"]
  })

const stems: Proof = async (bench) => {
  const { stemming } = bench.driver.capabilities
  if (!stemming.includes("es") || !stemming.includes("en")) return { skipped: "The driver has no stems of Spanish and English" }
  await finds(
    bench,
    named({ a: "Galletas integrales", b: "Jabón líquido", c: "Pañales", d: "Jersey de mujer", e: "Jerséis", f: "Collares con luces" }),
    {
      galleta: ["a"],
      mujeres: ["d"],
      mujer: ["d"],
      jerséis: ["d", "e"],
      jerseys: ["d", "e"],
      jersey: ["d", "e"],
      collar: ["f"],
      luz: ["f"],
      jabones: ["b"],
      pañal: ["c"],
      "galleta integral": ["a"]
    }
  )
  const english = product("cookies", {})
  const documents = [{ ...english, texts: [{ views: ["web/en"], language: "en", name: "Chocolate cookies for babies" }] }]
  await finds(bench, documents, { cookie: ["cookies"], baby: ["cookies"] }, { view: "web/en", languages: ["en"], locale: "en" })
  return {}
}

const typos: Proof = async (bench) => {
  if (!bench.driver.capabilities.typos) return { skipped: "The driver does not find words with wrong letters" }
  const documents = named({ a: "Chocolate negro", b: "Leche", c: "Pan", d: "Modelo14" })
  await finds(bench, documents, {
    lehce: ["b"],
    lche: ["b"],
    lechee: ["b"],
    chocolte: ["a"],
    chcoolate: ["a"],
    chokolade: ["a"],
    choclate: ["a"],
    // Two letters that changed places are one mistake.
    chocloates: ["a"],
    hcocolate: ["a"],
    hcocloate: [],
    cohcoltae: ["a"],
    // Of three letters none may be wrong, and the first one counts for two.
    pam: [],
    keche: [],
    "chocolte leche": [],
    // Another number is another thing.
    modelo15: [],
    modelo14: ["d"]
  })
  const index = await bench.filled(documents)
  const [right, wrong] = [await index.search(request({ text: "leche" })), await index.search(request({ text: "lehce" }))]
  same([right!.corrected, wrong!.corrected], [false, true], "An answer does not say whether words were taken for others")
  return {}
}

const synonyms: Proof = async (bench) => {
  await finds(
    bench,
    named({
      a: "Nevera combi",
      b: "Frigorífico",
      c: "Aire acondicionado",
      d: "Climatizador",
      e: "Portátil",
      f: "Crema de sol",
      g: "Protector solar",
      h: "Frigorífico con aire acondicionado"
    }),
    {
      nevera: ["a", "b", "h"],
      frigorificos: ["a", "b", "h"],
      "aire acondicionado": ["c", "d", "h"],
      climatizador: ["c", "d", "h"],
      "nevera climatizador": ["h"],
      ordenador: ["e"],
      "nevera combi": ["a"],
      portatil: ["e"],
      "crema de sol": ["f", "g"],
      "protector solar": ["f", "g"]
    },
    {},
    {
      synonyms: {
        es: [
          { words: ["nevera", "frigorífico"] },
          { words: ["aire acondicionado", "climatizador"] },
          { words: ["crema de sol", "protector solar"] },
          { word: "ordenador", also: ["portátil"] }
        ]
      }
    }
  )
  const both = [{ words: ["galletas", "cookies"] }]
  const settings = { synonyms: { es: both, en: both } }
  await finds(bench, named({ a: "Cookies" }), { galleta: ["a"] }, {}, settings)
  const english = { ...product("a", {}), texts: [{ views: ["web/en"], language: "en", name: "Galletas" }] }
  await finds(bench, [english], { cookie: ["a"] }, { view: "web/en", languages: ["en"], locale: "en" }, settings)
}

const ranks: Proof = async ({ filled }) => {
  const index = await filled([
    product("description", { text: { name: "Uno", description: "con café" } }),
    product("attributes", { text: { name: "Dos", attributes: "café" } }),
    product("brand", { text: { name: "Tres", brand: "Café" } }),
    product("name", { text: { name: "Café" } })
  ])
  same(await idsOf(index, { text: "café" }), ["name", "brand", "attributes", "description"], "Where a word stands does not count")
  const level = await filled(
    ["a", "b", "c"].map((id) => product(id, { text: { name: "Café" }, boost: id === "b" ? 2 : 0, since: id === "c" ? 2 : 1 }))
  )
  same(await idsOf(level, { text: "café" }), ["b", "c", "a"], "Of those that fit as well the preferred one goes first, then the newest")
}

const ODD = [
  "a".repeat(500),
  "(".repeat(400),
  "^(a+)+$ ([a-z]+)* .*.*.*",
  `'"; drop table products; --`,
  "a & | ! <-> :* \\ ' %_ b",
  "\u0000\u0001\ufffe",
  "👩‍👩‍👧‍👧 🍫",
  "שָׁלוֹם سلام 水",
  "__proto__ constructor",
  " \t\n ",
  "-- - . , 1.2.3.4,5 99999999999999999999 1e400",
  "vaso ".repeat(100)
]

const bounded: Proof = async ({ filled }) => {
  const index = await filled(named({ a: "Vaso", b: "__proto__" }))
  for (const text of ODD) {
    for (const prefix of [false, true]) {
      const answer = await index.search(
        request({ text, prefix, facets: ["__proto__", "constructor", "'\""], values: prefix ? { [text.slice(0, 50)]: [text] } : {} })
      )
      if (answer === undefined || answer.total > 2) throw new SearchLawBroken(`${JSON.stringify(text)} has no sensible answer`)
    }
  }
  same(await idsOf(index, { text: "vaso ".repeat(100) }), ["a"], "A word that is said again and again is one word")
}

const held: Proof = async ({ filled }) => {
  const { below } = random(1)
  const letters = Array.from({ length: 9_000 }, () => String.fromCharCode(97 + below(26))).join("")
  const odd = ["constructor", "toString", "valueOf"]
  const index = await filled([
    product("odd", {
      text: { name: "Vaso", description: `${letters} \u0000 \ud800 cristal` },
      offers: [
        {
          variant: "odd-1",
          values: Object.fromEntries(odd.map((facet) => [facet, ["rojo"]])),
          numbers: Object.fromEntries(odd.map((facet) => [facet, [3]])),
          prices: {}
        }
      ]
    }),
    product("plain", { text: { name: "Vaso" } }),
    product("many", { text: { name: "Jarra", attributes: Array.from({ length: 200_000 }, (_, word) => `w${word}`).join(" ") } })
  ])
  same(await idsOf(index, { text: "jarra" }), ["many"], "A product with very many words is not found")
  same(await idsOf(index, { text: "vaso cristal" }), ["odd"], "A product with a very long word in it is not found by its others")
  for (const facet of odd) {
    same(await idsOf(index, { values: { [facet]: ["rojo"] } }), ["odd"], `A product is not found by a facet "${facet}"`)
    same(await idsOf(index, { ranges: { [facet]: { from: 2 } } }), ["odd"], `A product is not found by a number "${facet}"`)
  }
}

export const textLaws: ReadonlyArray<readonly [name: string, proof: Proof]> = [
  ["every word has to be there; case, accents and words that say nothing do not count", words],
  ["who writes ñ means it; who writes n may mean either", tildes],
  ["a word that is being typed finds what it begins, and no other word does", begun],
  ["what a code names comes first", codes],
  ["what is written as one word is found as two, and two as one", joined],
  ["measures are the same in every unit and spelling", measures],
  ["words are found by their stems", stems],
  ["words with a wrong letter or two are found where there are no right ones", typos],
  ["synonyms go both ways or one, for words and for several in a row", synonyms],
  ["the name says more than the brand, that than attributes, those than the description", ranks],
  ["whatever is typed has an answer", bounded],
  ["whatever a product says is held", held]
]
