// Package calendar knows the official working days: weekends, public holidays, and the weekend days that are worked in exchange for
// a longer holiday (调休). Days of the law come from the General Office of the State Council, which publishes one notice a year, usually
// in the autumn before; official.txt holds them with their numbers.
//
// A year without a notice is assumed: Monday to Friday, less the holidays that the Regulation on Public Holidays (全国年节及纪念日放假办法,
// State Council decree 270, last changed by decree 795 of 2024) ties to a day of the solar calendar. Spring Festival, Qingming, Dragon Boat
// and Mid-Autumn follow the moon or the sun and are not guessed. Assumed says for which years that was so; whoever shows a date that depends
// on such a year shows that too.
//
// A county adds days of its own, or a notice that is newer than the program, by a file in the same format (Parse, With).
package calendar
