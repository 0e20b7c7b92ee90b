import { assert, it } from "vitest"

import { firstOf, instantOf } from "../../conform/recommend/dates.ts"
import { splitAt } from "../../conform/recommend/split.ts"
import { transactionsOf } from "../../conform/recommend/transactions.ts"

const AT = Date.UTC(2011, 4, 1, 8, 26)

it("reads a date as in UTC unless it says otherwise, whatever zone the machine is in", () => {
  for (const text of [
    "2011-05-01 08:26:00",
    "2011-05-01T08:26",
    "2011-05-01 08:26:00.000",
    "2011-05-01T08:26:00Z",
    "2011-05-01 10:26:00+02:00"
  ])
    assert.equal(instantOf(text), AT, text)
  assert.equal(instantOf("2011-05-01"), Date.UTC(2011, 4, 1))
  assert.equal(splitAt("2011-05-01 08:26"), AT)
  for (const none of ["", "soon", "5", "2011", "1/5/2011", "2011-13-01", "31/02/2011"]) assert.isNaN(instantOf(none), none)
})

it("tells days from months by the dates that leave no choice, and takes none for the other", () => {
  assert.equal(firstOf(["1/5/2011 8:26", "13/5/2011 8:26"]), "day")
  assert.equal(firstOf(["1/5/2011", "5/13/11"]), "month")
  assert.equal(firstOf(["2011-05-01"]), undefined)
  assert.throws(() => firstOf(["1/5/2011", "2/5/2011"]), /dates such as 2\/5\/2011 may begin with the day or the month/)
  assert.throws(() => firstOf(["13/5/2011", "5/13/2011"]), /may begin with the day or the month/)
  assert.equal(instantOf("1/5/2011 8:26", "day"), AT)
  assert.equal(instantOf("5/1/11 08:26:00", "month"), AT)
  assert.isNaN(instantOf("30/2/2011", "day"))
})

const file = (...rows: ReadonlyArray<string>) => [" household_id,basket_id,product_id,quantity,transaction_timestamp", ...rows].join("\n")

it("leaves out who is nobody and what was returned, and says why a file has no sale", () => {
  const { baskets, left } = transactionsOf(
    file("1,b1,p1,1,5/13/2017 10:00", "NA,b2,p1,1,5/14/2017 10:00", "1,b3,p1,-1,5/15/2017 10:00", "2,b4,p1,0,5/16/2017 10:00")
  )
  assert.deepEqual(
    baskets.map(({ id }) => id),
    ["1 b1", "2 b4"]
  )
  assert.deepEqual(left, { "nobody known": 1, returned: 1 })
  assert.throws(() => transactionsOf(file("1,b1,p1,-1,2017-05-13")), /no sale that can be used: of 1 rows \{"returned":1\} were left out/)
  assert.throws(() => transactionsOf(""), /the columns are none/)
})
