import { compile, type Condition, type PathOf, type RuleOver, type Term, where } from "@omni/rules"

interface Facts {
  readonly cart: {
    readonly total: number
    readonly coupon?: string
    readonly lines: ReadonlyArray<{ readonly sku: string; readonly price: number }>
  }
  readonly customer: {
    readonly tier: "gold" | "silver" | null
    readonly tags: ReadonlyArray<string>
    readonly city: string
  }
  readonly visit?: { readonly pages: number; readonly isFirst: boolean }
  readonly threshold: number
}

type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
const proves = <_Fact extends true>(): void => undefined

const { absent, all, any, between, eq, every, fact, gt, gte, has, includes, lt, ne, none, not, oneOf, orElse, present, some } =
  where<Facts>()

proves<
  Equal<
    PathOf<Facts>,
    | "cart"
    | "cart.total"
    | "cart.coupon"
    | "cart.lines"
    | "customer"
    | "customer.tier"
    | "customer.tags"
    | "customer.city"
    | "visit"
    | "visit.pages"
    | "visit.isFirst"
    | "threshold"
  >
>()

const gold = all(gte("cart.total", 5_000), eq("customer.tier", "gold"))
proves<Equal<typeof gold, RuleOver<Facts>>>()
const compiled = compile(gold)
proves<Equal<typeof compiled, Condition<Facts>>>()
proves<Equal<Parameters<typeof compiled.test>, [facts: Facts]>>()

any(
  between("cart.total", 1, 9),
  oneOf("customer.tier", ["gold", "silver"]),
  has("customer.tags", "vip"),
  includes("customer.city", "burg"),
  present("visit"),
  absent("cart.coupon"),
  ne("cart.coupon", "SAVE"),
  lt("customer.city", "M"),
  not(eq("visit.isFirst", true)),
  gt("cart.total", fact("threshold")),
  gt(orElse("visit.pages", 0), 3),
  some("cart.lines", (line) => line.eq("sku", "A-1")),
  every("cart.lines", (line) => line.gte("price", 100)),
  none("cart.lines", ({ all, eq, lt }) => all(eq("sku", "A-1"), lt("price", 5)))
)

const pages = orElse("visit.pages", 0)
proves<Equal<typeof pages, Term<Facts, number>>>()

// @ts-expect-error there is no such path
eq("customer.teir", "gold")
// @ts-expect-error the value is of another type
eq("cart.total", "5000")
// @ts-expect-error not one of the tiers
eq("customer.tier", "bronze")
// @ts-expect-error not one of the tiers
oneOf("customer.tier", ["gold", "bronze"])
// @ts-expect-error a text is not ordered with a number
gte("customer.city", 5)
// @ts-expect-error what may be absent has to say what absence means
gt("visit.pages", 3)
// @ts-expect-error an object has no order
gt("cart", 3)
// @ts-expect-error the path of an element, not of the facts
some("cart.lines", (line) => line.eq("cart.total", 1))
// @ts-expect-error no list
some("cart.total", (line) => line)
// @ts-expect-error nothing to combine
all()
// @ts-expect-error a rule over other facts
all(where<{ readonly other: string }>().eq("other", "x"))
// @ts-expect-error other facts than the rule reads
compiled.test({ cart: { total: 1 } })
// @ts-expect-error a term of another type
gt("cart.total", fact("customer.city"))

/** Facts that contain themselves stay cheap to complete. */
interface Category {
  readonly name: string
  readonly parent?: Category
}
where<Category>().eq("parent.parent.parent.name", "Shoes")

/** A rule over some of the facts is one over all of them, and not the other way round. */
const narrow: RuleOver<Pick<Facts, "cart">> = where<Pick<Facts, "cart">>().gte("cart.total", 1)
const wide: RuleOver<Facts> = narrow
// @ts-expect-error it may read what is not in the narrow facts
const wrong: RuleOver<Pick<Facts, "cart">> = gold
void [wide, wrong]

const plain = compile({ ">": [{ var: "a" }, 1] })
proves<Equal<typeof plain, Condition<unknown>>>()
