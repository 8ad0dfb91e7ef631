package review

// AreasAccepted is the gate, for tests.
var AreasAccepted = areasAccepted
