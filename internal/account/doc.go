// Package account keeps the people who log in: who they are, their passwords, sessions and PINs.
//
// A person has one role and one region (package authz). Passwords are kept as argon2id; a session is a random token in a
// cookie of which the table holds only the SHA-256. A PIN unlocks the phone app without a network: the phone is given
// salt, iterations and hash (PBKDF2-SHA256) and checks for itself, so a PIN protects a phone that lies about, not the
// server.
//
// Guessing is braked per account and per address. An attempt is counted before the password is looked at, so many guesses
// at once gain nothing; a login that succeeds clears the count. Whether an account exists cannot be told from the answer
// nor from its time.
//
// Tables: account_person, account_login, account_session, account_attempt.
package account
