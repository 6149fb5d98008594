// A check of AccessHive's proofs by Go's own implementation of signed notes and transparency logs.
// Reads a JSON Lines export (docs/trail-format.md, section 7) whose entries bring proofs, and a consistency file.
//
//	GO111MODULE=off GOPATH=/usr/share/gocode go run proofs.go EXPORT CONSISTENCY
package main

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

type line struct {
	Keys       []string
	Checkpoint string
	Seq        int64
	Payload    *string
	Proof      []string
}

type consistency struct {
	First, Second         int64
	FirstRoot, SecondRoot string
	Proof                 []string
	Checkpoint            string
}

func must(err error) {
	if err != nil {
		fmt.Println("does not hold:", err)
		os.Exit(1)
	}
}

func hash(text string) (h tlog.Hash) {
	raw, err := base64.StdEncoding.DecodeString(text)
	must(err)
	if copy(h[:], raw) != len(raw) || len(raw) != len(h) {
		must(fmt.Errorf("%q is no hash", text))
	}
	return h
}

func hashes(texts []string) (all []tlog.Hash) {
	for _, text := range texts {
		all = append(all, hash(text))
	}
	return all
}

// Opens the certificates one by the other, and the checkpoint by the last of them.
func open(keys []string, checkpoint string) (int64, tlog.Hash) {
	var verifier note.Verifier
	for _, certificate := range keys {
		own, err := note.NewVerifier(strings.Split(certificate, "\n")[3])
		must(err)
		if verifier == nil {
			verifier = own
		}
		_, err = note.Open([]byte(certificate), note.VerifierList(verifier))
		must(err)
		verifier = own
	}
	opened, err := note.Open([]byte(checkpoint), note.VerifierList(verifier))
	must(err)
	lines := strings.Split(opened.Text, "\n")
	size, err := strconv.ParseInt(lines[1], 10, 64)
	must(err)
	return size, hash(lines[2])
}

func main() {
	file, err := os.Open(os.Args[1])
	must(err)
	scanner := bufio.NewScanner(file)
	scanner.Buffer(nil, 16<<20)
	var head line
	proven := 0
	var size int64
	var root tlog.Hash
	for scanner.Scan() {
		var read line
		must(json.Unmarshal(scanner.Bytes(), &read))
		if read.Checkpoint != "" {
			head = read
			size, root = open(head.Keys, head.Checkpoint)
		} else if read.Payload != nil {
			must(tlog.CheckRecord(hashes(read.Proof), size, root, read.Seq-1, tlog.RecordHash([]byte(*read.Payload))))
			proven++
		}
	}
	must(scanner.Err())

	raw, err := os.ReadFile(os.Args[2])
	must(err)
	var c consistency
	must(json.Unmarshal(raw, &c))
	must(tlog.CheckTree(hashes(c.Proof), c.Second, hash(c.SecondRoot), c.First, hash(c.FirstRoot)))
	if c.Second != size || hash(c.SecondRoot) != root {
		must(fmt.Errorf("the consistency file is of another tree"))
	}
	fmt.Printf("proven %d in a tree of %d\n", proven, size)
}
