// Package region knows the administrative division: counties, townships and villages by their official 12-digit codes.
//
// A Code says by its trailing zeros which level it is: "430922000000" is a county, "430922101000" a township in it,
// "430922101203" a village in that. So the tree needs no pointers, and "everything under this place" is a range of codes:
//
//	lo, hi := code.Range() // WHERE village >= $1 AND village < $2
//
// Groups (组) have no official code; they are a text of the household.
//
// Table: region_place.
package region
