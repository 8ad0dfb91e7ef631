// Package device knows the phones of the enumerators: which there are, what is still on them, and what the office has ordered.
//
// A device is one account's store of data on one phone. Its id is made by the phone together with the data key that encrypts
// everything in it; two people who share a phone are two devices, and a phone that was cleared is a new one.
//
// The office may say two things of a device:
//
//   - replaced: another phone has taken its place. Nothing is given to it any more, its data key is not recovered, and what it
//     still sends is kept and quarantined (package submission);
//   - wipe: it clears itself at the next contact, once everything finished has arrived and its drafts were left as a package.
//
// A data key leaves the phone only inside an envelope: wrapped to the county's public key (P-256, HKDF-SHA256, AES-256-GCM). With
// it the office opens a package, and an enumerator who has forgotten the PIN gets the key back against the password. The layout of
// sealed rows, envelopes and packages is written down in docs/sync.md; the phone's half is web/apps/field/src/vault.
//
// The badge is how the second enumerator confirms a form on the first one's phone: a code that a phone shows for a minute, signed with a key of
// its own. The server knows the public keys (device_badge), gives them to team-mates, and checks the codes that forms bring again. A key ends
// when its phone is given up or has cleared itself.
//
//	envelope.go  sealed.go  bundle.go   bytes in, values out; no database
//	badge.go  badge_sql.go              badges and the keys of phones
//	device.go  sql.go                   the devices and orders
//	key.go                              the county's key pair, recovery
//	contents.go                         what a package holds
//	parcel.go                           packages that were brought
//
// Apps other than ours come with a key (Client) that the office makes for one person and can withdraw: docs/openrosa.md.
//
// Tables: device, device_badge, device_key, device_package, device_client.
package device
