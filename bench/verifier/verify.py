#!/usr/bin/env python3
"""A second verifier, written from docs/trail-format.md alone, with nothing but Python's standard library.

    verify.py database FILE [ANCHORS]     0 good, 1 tampered, 2 a tail without anchor, 3 bad input
    verify.py export FILE                 0 good, 1 tampered, 3 bad input
    verify.py paths FILE SIZE SEQ...      the audit paths of entries in the tree of a size, one JSON list a line

It knows none of AccessHive's code. It says what does not hold, not which attack that looks like; AccessHive does.
"""
import base64
import hashlib
import json
import os
import re
import sqlite3
import sys
from urllib.request import pathname2url

ZEROS = "0" * 64
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\Z")
HASH = re.compile(r"[0-9a-f]{64}\Z")
TIME = re.compile(r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{0,2}[1-9]))?Z\Z", re.ASCII)
ORDER = ["v", "seq", "prev", "at", "type", "emergency", "by", "person", "identity", "credential", "request", "session", "facts", "note"]
OPTIONAL = {"person", "identity", "credential", "request", "session", "note"}


class Tampered(Exception):
    pass


class BadInput(Exception):
    pass


def need(holds, words):
    if not holds:
        raise Tampered(words)


def sha(*parts):
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.digest()


# Section 4: Ed25519 (RFC 8032, section 5.1.7), slowly and in the open.
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def add(a, b):
    x = (a[1] - a[0]) * (b[1] - b[0]) % P
    y = (a[1] + a[0]) * (b[1] + b[0]) % P
    t, z = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = y - x, z - t, z + t, y + x
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(n, point):
    out = (0, 1, 1, 0)
    while n:
        if n & 1:
            out = add(out, point)
        point, n = add(point, point), n >> 1
    return out


def point(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P or (x == 0 and sign):
        return None
    if x & 1 != sign:
        x = P - x
    return x, y, 1, x * y % P


BASE = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def signed_by(public, text, signature):
    if len(public) != 32 or len(signature) != 64:
        return False
    a, r, s = point(public), point(signature[:32]), int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + text).digest(), "little") % L
    left, right = times(s, BASE), add(r, times(h, a))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


def unbase64(text):
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        return None
    return data if base64.b64encode(data).decode() == text else None


def number(text):
    need(re.fullmatch(r"0|[1-9][0-9]{0,17}", text, re.ASCII), f"{text!r} is no number")
    return int(text)


def instant(text):
    """Milliseconds since 1970."""
    parts = TIME.match(text)
    need(parts, f"{text!r} is no time")
    year, month, day, hour, minute, second = (int(p) for p in parts.groups()[:6])
    need(1 <= month <= 12 and 1 <= day <= 31 and hour < 24 and minute < 60 and second < 60, f"{text!r} is no time")
    import datetime
    try:
        days = datetime.date(year, month, day).toordinal() - datetime.date(1970, 1, 1).toordinal()
    except ValueError:
        raise Tampered(f"{text!r} is no time") from None
    return ((days * 24 + hour) * 60 + minute) * 60000 + second * 1000 + int((parts.group(7) or "0").ljust(3, "0"))


def note_of(data):
    """Text and signatures of a signed note."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise Tampered("a note is not UTF-8") from None
    end = text.rfind("\n\n")
    need(end > 0 and text.endswith("\n") and not any(c < " " and c != "\n" for c in text), "a note can't be read")
    signatures = []
    for line in text[end + 2:-1].split("\n"):
        parts = line.split(" ")
        raw = unbase64(parts[2]) if len(parts) == 3 and parts[0] == "\u2014" else None
        need(raw is not None and len(raw) > 4, "a signature line can't be read")
        signatures.append((parts[1], raw[:4], raw[4:]))
    return text[:end + 1], signatures


class Keys:
    """Section 4: the keys of a house, one vouched for by the other."""

    def __init__(self, origin):
        self.origin, self.keys = origin, {}

    def check(self, epoch, text, signatures, public=None):
        name = f"{self.origin}/{epoch}"
        public = public or self.keys.get(epoch)
        need(public, f"nothing vouches for the key of epoch {epoch}")
        wanted = sha(name.encode() + b"\n\x01" + public)[:4]
        need(any(n == name and i == wanted and signed_by(public, text.encode(), s) for n, i, s in signatures), f"not signed by key {epoch}")

    def certificate(self, data):
        text, signatures = note_of(data)
        lines = text.split("\n")
        need(len(lines) == 5 and lines[0] == "accesshive key" and lines[4] == "" and len(signatures) == 1, "a certificate can't be read")
        need(lines[1] == self.origin, "a certificate of another house")
        epoch, parts = number(lines[2]), lines[3].split("+", 2)
        raw = unbase64(parts[2]) if len(parts) == 3 else None
        need(raw and len(raw) == 33 and raw[0] == 1 and parts[0] == f"{self.origin}/{epoch}", "a verifier key can't be read")
        public = raw[1:]
        need(parts[1] == sha(parts[0].encode() + b"\n" + raw)[:4].hex(), "a verifier key names another key")
        need(self.keys.get(epoch, public) == public, f"two keys for epoch {epoch}")
        before = [e for e in self.keys if e < epoch]
        need(epoch in self.keys or len(before) == len(self.keys), "a certificate out of order")
        if before:
            self.check(max(before), text, signatures)
        else:
            self.check(epoch, text, signatures, public)
        self.keys[epoch] = public
        return epoch, public

    def checkpoint(self, data):
        text, signatures = note_of(data)
        lines = text.split("\n")
        need(len(lines) == 6 and lines[5] == "" and lines[3].startswith("at ") and lines[4].startswith("epoch "), "a checkpoint can't be read")
        need(lines[0] == self.origin, "a checkpoint of another house")
        size, root, at, epoch = number(lines[1]), unbase64(lines[2]), instant(lines[3][3:]), number(lines[4][6:])
        need(root is not None and len(root) == 32, "a root can't be read")
        self.check(epoch, text, signatures)
        return size, root, at, epoch, len(signatures)


def payload_of(data):
    """Section 1: the members of a payload."""
    need(all(c >= 32 for c in data), "a payload has control characters")
    try:
        members = json.loads(data.decode("utf-8"), object_pairs_hook=list)
    except ValueError:
        raise Tampered("a payload is no JSON") from None
    names = [name for name, _ in members] if isinstance(members, list) and all(isinstance(m, tuple) for m in members) else []
    said = dict(members) if names else {}
    need(names == [n for n in ORDER if n in said or n not in OPTIONAL], "a payload has other members")
    need(type(said["v"]) is int and said["v"] == 1 and type(said["seq"]) is int and type(said["emergency"]) is bool, "a payload has other values")
    need(all(isinstance(said[n], str) for n in said if n not in ("v", "seq", "emergency", "facts")), "a payload has other values")
    need(said["type"] and HASH.match(said["prev"]) and HASH.match(said.get("note", ZEROS)), "a payload has other values")
    need(all(ID.match(said[n]) for n in OPTIONAL - {"note"} if n in said), "an id can't be read")
    need(all(isinstance(f, tuple) and isinstance(f[1], str) for f in said["facts"]), "facts can't be read")
    # No white space between the parts: outside of strings there is none.
    need(not re.search(rb"\s", re.sub(rb'"(?:[^"\\]|\\.)*"', b"", data)), "a payload has white space")
    said["facts"] = dict(said["facts"])
    return said


class Tree:
    """Section 3, growing leaf by leaf."""

    def __init__(self):
        self.size, self.peaks, self.nodes = 0, [], {}

    def add(self, node, level=0):
        self.peaks.append((level, node))
        self.size += 1 << level
        while len(self.peaks) > 1 and self.peaks[-1][0] == self.peaks[-2][0]:
            (level, right), (_, left) = self.peaks.pop(), self.peaks.pop()
            node = sha(b"\x01", left, right)
            self.peaks.append((level + 1, node))
            if (level + 1) % 8 == 0:
                self.nodes[level + 1, (self.size >> (level + 1)) - 1] = node

    def root(self):
        root = None
        for _, node in reversed(self.peaks):
            root = node if root is None else sha(b"\x01", node, root)
        return root or sha(b"")


def mth(leaves):
    if len(leaves) == 1:
        return leaves[0]
    k = 1 << ((len(leaves) - 1).bit_length() - 1)
    return sha(b"\x01", mth(leaves[:k]), mth(leaves[k:]))


def path(index, leaves):
    if len(leaves) == 1:
        return []
    k = 1 << ((len(leaves) - 1).bit_length() - 1)
    return path(index, leaves[:k]) + [mth(leaves[k:])] if index < k else path(index - k, leaves[k:]) + [mth(leaves[:k])]


def included(leaf, index, size, proof, root):
    """RFC 9162, 2.1.3.2."""
    if index >= size:
        return False
    fn, sn, r = index, size - 1, leaf
    for p in proof:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            r = sha(b"\x01", p, r)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            r = sha(b"\x01", r, p)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and r == root


def opened(file):
    if not os.path.exists(file):
        raise BadInput(f"there is no {file}")
    mode = "" if os.path.exists(file + "-wal") else "&immutable=1"
    connection = sqlite3.connect(f"file:{pathname2url(os.path.abspath(file))}?mode=ro{mode}", uri=True, isolation_level=None)
    connection.text_factory = bytes
    connection.execute("BEGIN")
    return connection


def database(file, anchors):
    db = opened(file)
    try:
        return whole(db, file, anchors)
    except sqlite3.Error as fault:
        raise Tampered(f"the database can't be read: {fault}") from None


def whole(db, file, anchors):
    trees = db.execute("SELECT Id, Size, Frontier, Origin FROM TrailTree").fetchall()
    need(len(trees) == 1 and trees[0][0] == 1 and isinstance(trees[0][1], int), "the tree's row can't be read")
    _, size, frontier, origin = trees[0]
    origin = origin.decode("utf-8", "replace")
    need(re.fullmatch(r"accesshive/[0-9a-f]{32}", origin), "the trail has no name")
    keys = Keys(origin)
    for epoch, public, certificate in db.execute("SELECT Epoch, PublicKey, Certificate FROM TrailKeys ORDER BY Epoch"):
        need(isinstance(certificate, bytes) and keys.certificate(certificate) == (epoch, public), f"key {epoch} is not the one in its row")

    points, before = [], (0, 0, 0, 0)
    causes = {b"emergency", b"changes", b"idle", b"start", b"stop", b"key", b"export"}
    for id, s, at, epoch, note, cause in db.execute("SELECT Id, Size, At, Epoch, Note, Cause FROM TrailCheckpoints ORDER BY Id"):
        said = keys.checkpoint(note)
        need((s, at, epoch) == (said[0], said[2], said[3]) and said[4] == 1 and cause in causes, f"checkpoint {id} is not as its row says")
        need(id == before[0] + 1 and said[0] >= before[1] and said[2] >= before[2] and said[3] >= before[3], f"checkpoint {id} is out of order")
        before = (id, said[0], said[2], said[3])
        points.append((said[0], said[1], said[2], False))

    for record in records(anchors) if anchors else []:
        if record.startswith(b"accesshive key\n"):
            keys.certificate(record)
        else:
            said = keys.checkpoint(record)
            points.append((said[0], said[1], said[2], True))

    points.sort(key=lambda p: p[0])
    tree, entries, purged = Tree(), db.execute(
        "SELECT Seq, RecordedAt, Type, Emergency, ActorId, PersonId, IdentityId, CredentialId, RequestId, SessionId, Payload, LeafHash, "
        "typeof(Type), typeof(Payload), typeof(LeafHash) FROM Trail ORDER BY Seq"), 0
    nodes = {(level, idx): node for level, idx, node in db.execute("SELECT Level, Idx, Hash FROM TrailNodes")}
    first = db.execute("SELECT MIN(Seq) FROM Trail").fetchone()[0] or 1
    if first > 1:
        purged = first - 1
        need(purged % 256 == 0, f"entries 1 to {purged} are missing")
        for idx in range(purged // 256):
            need((8, idx) in nodes, f"entries 1 to {purged} are missing")
            tree.add(nodes[8, idx], 8)
            tree.nodes[8, idx] = nodes[8, idx]
    purged_root, told, erased, gone = tree.root(), None, set(), []
    notes = db.execute("SELECT Seq, Salt, Text, typeof(Salt), typeof(Text) FROM TrailNotes ORDER BY Seq")
    note, last, leaf, newest, anchored, anchors_seen = notes.fetchone(), purged, None if purged else ZEROS, -1, 0, 0

    def judge(at):
        nonlocal anchored, anchors_seen
        while points and points[0][0] <= tree.size:
            s, root, signed, outside = points.pop(0)
            if s == tree.size:
                need(root == tree.root(), f"entries up to {s} are not the ones that were signed")
                need(at <= signed, f"entry {s} is later than its checkpoint")
                anchors_seen += outside
            anchored = max(anchored, s) if outside else anchored

    judge(-1)
    for seq, recorded, kind, emergency, *ids, payload, stored, kind_type, payload_type, leaf_type in entries:
        need(seq == last + 1, f"entry {last + 1} is missing")
        need((kind_type, payload_type, leaf_type) == (b"text", b"blob", b"blob"), f"columns of entry {seq}")
        said = payload_of(payload)
        need(said["seq"] == seq and leaf in (None, said["prev"]), f"entry {seq} does not follow the one before")
        at = instant(said["at"])
        need(at >= newest, f"entry {seq} is earlier than the one before")
        hashed = sha(b"\x00", payload)
        wanted = [said["by"] if ID.match(said["by"]) else None] + [said.get(n) for n in ("person", "identity", "credential", "request", "session")]
        need(hashed == stored and recorded == at and kind == said["type"].encode() and emergency == int(said["emergency"])
             and ids == [i and i.upper().encode() for i in wanted], f"a column of entry {seq} says something else")
        while note and note[0] < seq:
            raise Tampered(f"a note of entry {note[0]}, which has none")
        if note and note[0] == seq:
            need("note" in said and note[3:] == (b"blob", b"blob") and len(note[1]) == 16 and sha(note[1], note[2]).hex() == said["note"], f"the note of entry {seq} was changed")
            note = notes.fetchone()
        elif "note" in said:
            gone.append(seq)
        if said["type"] == "trail.erased":
            for part in said["facts"].get("entries", "").split(","):
                ends = [int(e) for e in part.split("-")]
                erased.update(range(ends[0], ends[-1] + 1))
        if said["type"] == "trail.purged" and said["facts"].get("until") == str(purged):
            told = said["facts"].get("root")
        tree.add(hashed)
        last, leaf, newest = seq, hashed.hex(), at
        judge(at)

    need(note is None, "a note of an entry that is not there")
    need(not points, f"entries after {last} were cut off, or the file is an earlier state")
    need(not purged or told == purged_root.hex(), f"entries 1 to {purged} are missing")
    need(set(gone) <= erased, f"notes were deleted: {sorted(set(gone) - erased)[:3]}")
    need(size == last and frontier == b"".join(n for _, n in tree.peaks), "the tree's row is not what the entries make")
    need(nodes == tree.nodes, "kept subtrees are not what the entries make")
    seal(file, keys, last, tree.root())
    need(db.execute("PRAGMA integrity_check(1)").fetchone()[0] == b"ok", "SQLite finds the file damaged")
    print(f"entries {last}\nroot {base64.b64encode(tree.root()).decode()}\nanchored {anchored}")
    return 0 if anchors_seen and anchored >= last else 2


def records(file):
    with open(file, "rb") as stream:
        data = stream.read()
    parts = re.split(rb"(?<=\n)=\n", data)
    need(parts[-1] == b"", "the last anchor is torn")
    return parts[:-1]


def seal(file, keys, size, root):
    if not os.path.exists(file + ".seal"):
        return
    with open(file + ".seal", "rb") as stream:
        text, signatures = note_of(stream.read())
    with open(file, "rb") as stream:
        digest = hashlib.sha256(stream.read()).hexdigest()
    wanted = f"accesshive seal\n{keys.origin}\n{size}\n{base64.b64encode(root).decode()}\n{digest}\n{os.path.getsize(file)}\n"
    need(text == wanted and len(signatures) == 1, "the file is not the one that was closed and sealed")
    keys.check(max(keys.keys), text, signatures)
    need(not os.path.exists(file + "-wal") or os.path.getsize(file + "-wal") == 0, "the file was changed after it was sealed")


def export(file):
    with open(file, "rb") as stream:
        lines = stream.read().split(b"\n")
    need(lines.pop() == b"" and len(lines) >= 2, "the export has no end")
    try:
        head, *entries, end = [json.loads(line) for line in lines]
    except ValueError:
        raise Tampered("a line is no JSON") from None
    if head.get("accesshive") != "trail-export" or head.get("v") != 1:
        raise BadInput("no export that can be verified")
    need(list(head) == ["accesshive", "v", "origin", "first", "last", "filtered", "size", "keys", "checkpoint"], "the first line has other members")
    keys = Keys(head["origin"])
    for certificate in head["keys"]:
        keys.certificate(certificate.encode())
    size, root, *_ = keys.checkpoint(head["checkpoint"].encode())
    need(size == head["size"] and head["last"] <= size, "the first line says another size than its checkpoint")
    all_of_it = head["first"] == 1 and not head["filtered"] and size == head["last"]
    need(end.get("end") is True and end.get("entries") == len(entries) and end.get("next", head["last"]) == head["last"], "the last line says another number")
    tree, last, leaf, newest = Tree(), head["first"] - 1, None if head["first"] > 1 else ZEROS, -1
    for entry in entries:
        need(list(entry) == [n for n in ("seq", "payload", "note", "proof") if n in entry or n in ("seq", "payload")], "an entry has other members")
        payload, seq = entry["payload"].encode(), entry["seq"]
        said = payload_of(payload)
        need(seq == said["seq"] and (seq == last + 1 or (head["filtered"] and seq > last)), f"entry {seq} does not belong there")
        need(seq != last + 1 or leaf in (None, said["prev"]), f"entry {seq} does not follow the one before")
        need(instant(said["at"]) >= newest, f"entry {seq} is earlier than the one before")
        hashed = sha(b"\x00", payload)
        tree.add(hashed)
        if "note" in entry:
            salt = unbase64(entry["note"]["salt"])
            need("note" in said and salt and sha(salt, entry["note"]["text"].encode()).hex() == said["note"], f"the note of entry {seq} was changed")
        if not all_of_it:
            proof = [unbase64(h) for h in entry.get("proof", [])]
            need(all(proof) and included(hashed, seq - 1, size, proof, root), f"entry {seq} is not in the signed trail")
        last, leaf, newest = seq, hashed.hex(), instant(said["at"])
    need(head["filtered"] or last == head["last"], "the export ends too early")
    need(not all_of_it or tree.root() == root, "the entries do not make the signed root")
    print(f"entries {len(entries)}\nroot {base64.b64encode(root).decode()}")
    return 0


def paths(file, size, wanted):
    leaves = [sha(b"\x00", row[0]) for row in opened(file).execute("SELECT Payload FROM Trail ORDER BY Seq LIMIT ?", (size,))]
    for seq in wanted:
        print(json.dumps([base64.b64encode(h).decode() for h in path(seq - 1, leaves)]))
    return 0


def main(args):
    try:
        if args[:1] == ["database"] and len(args) in (2, 3):
            return database(args[1], args[2] if len(args) == 3 else None)
        if args[:1] == ["export"] and len(args) == 2:
            return export(args[1])
        if args[:1] == ["paths"] and len(args) > 3:
            return paths(args[1], int(args[2]), [int(a) for a in args[3:]])
    except Tampered as why:
        print(f"TAMPERED: {why}")
        return 1
    except (BadInput, OSError, KeyError, TypeError, AttributeError, ValueError, sqlite3.Error) as why:
        print(f"bad input: {why!r}")
        return 3
    print(__doc__)
    return 3


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
