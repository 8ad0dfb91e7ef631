package measure

import "strconv"

// Line is how one interview answers a battery of items with the same options.
type Line struct {
	Answered   int
	LongestRun int
	AllEqual   bool    // two or more answers, all the same
	SD         float64 // NaN where answers are no numbers
}

// StraightLine looks at answers in the order of the questionnaire; blanks are left out.
func StraightLine(row []string) Line {
	var l Line
	last, run := "", 0
	var numbers []float64
	for _, v := range row {
		if v == "" {
			continue
		}
		l.Answered++
		if v != last {
			run = 0
		}
		last = v
		run++
		l.LongestRun = max(l.LongestRun, run)
		if x, err := strconv.ParseFloat(v, 64); err == nil {
			numbers = append(numbers, x)
		}
	}
	l.AllEqual = l.Answered >= 2 && l.LongestRun == l.Answered
	if len(numbers) < l.Answered {
		numbers = nil
	}
	l.SD = SD(numbers)
	return l
}
