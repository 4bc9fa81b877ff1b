package bench

import (
	"slices"
	"time"
)

// median returns the number in the middle, or the mean of the two there, or 0 if
// there is none.
func median(numbers []float64) float64 {
	if len(numbers) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(numbers))
	middle := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[middle]
	}
	return (sorted[middle-1] + sorted[middle]) / 2
}

// medianOf returns the median of what is taken from each sample.
func medianOf(samples []sample, take func(sample) float64) float64 {
	var numbers []float64
	for _, s := range samples {
		numbers = append(numbers, take(s))
	}
	return median(numbers)
}

// medianRatio returns the median of a ratio, taken round by round: what disturbs
// a round disturbs both servers.
func medianRatio(above, below []sample, take func(sample) float64) float64 {
	var ratios []float64
	for i := range min(len(above), len(below)) {
		if divisor := take(below[i]); divisor > 0 {
			ratios = append(ratios, take(above[i])/divisor)
		}
	}
	return median(ratios)
}

// quantile returns within how many microseconds so many of 100 times are, which
// are in order, or 0 where there are none.
func quantile(times []time.Duration, percent int) float64 {
	if len(times) == 0 {
		return 0
	}
	return times[(len(times)*percent-1)/100].Seconds() * 1e6
}
