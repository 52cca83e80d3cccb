# SPDX-License-Identifier: GPL-2.0-only OR BSD-2-Clause
# `make help` lists the targets.

CC      ?= cc
CLANG   ?= clang
BPFTOOL ?= $(firstword $(wildcard /usr/sbin/bpftool) bpftool)
PREFIX  ?= /usr/local
DESTDIR ?=
BUILD   ?= build
# SANITIZE=1 builds everything with ASan and UBSan into a directory of its own.
SANITIZE ?=

VERSION := 0.1.0

# V=1 shows the commands.
Q := $(if $(V),,@)
say = $(if $(V),,@printf '  %-5s %s\n' $(1) $@)

ifneq ($(SANITIZE),)
# What is given on the command line too.
override BUILD := $(BUILD)/asan
SANFLAGS := -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
endif

WARN    := -Wall -Wextra -Werror=implicit-function-declaration -Wshadow -Wstrict-prototypes \
	   -Wmissing-prototypes -Wpointer-arith -Wvla -Wformat=2
CFLAGS  ?= -O2 -g
ALL_CFLAGS := -std=gnu11 -D_GNU_SOURCE -DLEASTCALL_VERSION='"$(VERSION)"' -Iuser -Ibpf \
	   -I$(BUILD) $(WARN) $(SANFLAGS) $(CFLAGS)
BPF_CFLAGS := -O2 -g -target bpf -mcpu=v3 -D__TARGET_ARCH_x86 -Ivmlinux -Ibpf -Wall -Wextra -Wno-unused-parameter -Werror

# The pure core links without libbpf; only main.c, cmd/ and trace/ see the kernel.
PURE_SRC  := $(wildcard user/util/*.c user/tables/*.c user/model/*.c user/profile/*.c \
	       user/policy/*.c user/watch/*.c user/apparmor/*.c user/emit/*.c user/lint/*.c)
LIVE_SRC  := $(wildcard user/main.c user/cmd/*.c user/trace/*.c)
BPF_SRC   := $(wildcard bpf/*.bpf.c)
PURE_OBJ  := $(PURE_SRC:%.c=$(BUILD)/%.o)
LIVE_OBJ  := $(LIVE_SRC:%.c=$(BUILD)/%.o)
# Each twice: see bpf/kernel.bpf.h.
SKELETONS := $(patsubst bpf/%.bpf.c,$(BUILD)/%.skel.h,$(BPF_SRC)) \
	     $(patsubst bpf/%.bpf.c,$(BUILD)/%_5_10.skel.h,$(BPF_SRC))

PURE_LIBS := -lcjson -lseccomp -lmd
LIVE_LIBS := -lbpf -ldw -lelf -lz -lpthread -lncursesw -ltinfo

# Made of --help: see tools/gen-completion.
COMPLETIONS := $(addprefix $(BUILD)/completion/,bash zsh fish)

all: $(BUILD)/leastcall $(COMPLETIONS) ## build build/leastcall (the default)

$(BUILD)/leastcall: $(PURE_OBJ) $(LIVE_OBJ)
	$(call say,LINK)
	$(Q)$(CC) $(SANFLAGS) $(LDFLAGS) -o $@ $^ $(LIVE_LIBS) $(PURE_LIBS)

$(BUILD)/completion/%: $(BUILD)/leastcall $(wildcard tools/gen-completion tools/gen-completion.d/*)
	@mkdir -p $(@D)
	$(call say,GEN)
	$(Q)tools/gen-completion $* $< > $@.tmp && mv $@.tmp $@

$(BUILD)/libpure.a: $(PURE_OBJ)
	$(call say,AR)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# It takes them in: html_parts.c.
$(BUILD)/user/emit/html_parts.o: user/emit/page.css user/emit/page.js

$(LIVE_OBJ): $(SKELETONS)

$(BUILD)/bpf/%.bpf.o: bpf/%.bpf.c $(wildcard bpf/*.h vmlinux/*.h)
	@mkdir -p $(@D)
	$(call say,BPF)
	$(Q)$(CLANG) $(BPF_CFLAGS) -c -o $@ $<

$(BUILD)/bpf/%_5_10.bpf.o: bpf/%.bpf.c $(wildcard bpf/*.h vmlinux/*.h)
	@mkdir -p $(@D)
	$(call say,BPF)
	$(Q)$(CLANG) $(BPF_CFLAGS) -DKERNEL_5_10 -c -o $@ $<

$(BUILD)/%.skel.h: $(BUILD)/bpf/%.bpf.o
	$(call say,SKEL)
	$(Q)$(BPFTOOL) gen skeleton $< name $(subst -,_,$*)_bpf > $@.tmp && mv $@.tmp $@

# Unit tests: one program a file, linked with the pure core and nothing else.
UNIT_SRC := $(wildcard tests/unit/test_*.c)
UNIT_BIN := $(UNIT_SRC:tests/unit/%.c=$(BUILD)/unit/%)

$(BUILD)/unit/%: tests/unit/%.c $(BUILD)/libpure.a $(wildcard tests/unit/*.h)
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(ALL_CFLAGS) -Itests/unit -o $@ $< $(BUILD)/libpure.a $(PURE_LIBS)

# Programs that the live tests trace or use: one a file, see the head of each.
LIVE_TEST_SRC := $(wildcard tests/live/*.c)
LIVE_TEST_BIN := $(LIVE_TEST_SRC:tests/live/%.c=$(BUILD)/live/%)

$(BUILD)/live/%: tests/live/%.c $(wildcard tests/live/*.h)
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) -std=gnu11 -D_GNU_SOURCE -O1 -g $(WARN) -o $@ $< \
		$$(sed -n 's/^.*build: *\(.*\) \*\/$$/\1/p' $<)

# What runs in the containers of the tests, or makes trouble beside them: see the head of each.
CONTAINER_TEST_SRC := $(wildcard tests/containers/*.c)
CONTAINER_TEST_BIN := $(CONTAINER_TEST_SRC:tests/containers/%.c=$(BUILD)/containers/%)

$(BUILD)/containers/%: tests/containers/%.c tests/live/raw.h
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) -std=gnu11 -D_GNU_SOURCE -O1 -g $(WARN) -o $@ $< \
		$$(sed -n 's/^.*build: *\(.*\) \*\/$$/\1/p' $<)

# What tools/bench runs beside leastcall: see the head of each.
BENCH_BIN := $(BUILD)/bench/loop $(BUILD)/bench/empty

$(BUILD)/bench/empty.bpf.o: tools/bench.d/empty.bpf.c $(wildcard vmlinux/*.h)
	@mkdir -p $(@D)
	$(call say,BPF)
	$(Q)$(CLANG) $(BPF_CFLAGS) -c -o $@ $<

$(BUILD)/bench/empty.skel.h: $(BUILD)/bench/empty.bpf.o
	$(call say,SKEL)
	$(Q)$(BPFTOOL) gen skeleton $< name empty_bpf > $@.tmp && mv $@.tmp $@

$(BUILD)/bench/empty: tools/bench.d/empty.c $(BUILD)/bench/empty.skel.h
	$(CC) $(ALL_CFLAGS) -I$(@D) -o $@ $< $(LIVE_LIBS)

$(BUILD)/bench/loop: tools/bench.d/loop.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -o $@ $<

check: all $(UNIT_BIN) ## unit, golden and lint: no root, seconds
	BUILD=$(BUILD) tests/run unit golden lint

check-page: all ## the page of show --html in a real browser: no root, a minute
	BUILD=$(BUILD) tests/run page

check-install: all ## completions, and what is installed used from a fresh root: root, a minute
	BUILD=$(BUILD) tests/run install

check-live: all $(LIVE_TEST_BIN) ## trace real programs against strace: root
	BUILD=$(BUILD) tests/run live

check-containers: all container-bin ## real containers, every engine that is installed: root
	BUILD=$(BUILD) tests/run containers

check-containers-all: ## the same with every combination and a kubelet: root, an hour
	tools/install-deps full
	$(MAKE) all container-bin
	FULL=1 BUILD=$(BUILD) tests/run containers

check-vm: all live-bin ## another kernel and other cgroups, in virtual machines: no root
	BUILD=$(BUILD) tests/run vm

check-vm-all: ## the same and the live tests on every kernel that is tried, 5.10 to 7.3: no root, hours
	$(MAKE) all live-bin
	failed=; for kernel in 5.10 6.1 6.12 6.18 7.3; do \
		VM_KERNEL=$$kernel BUILD=$(BUILD) tests/run vm || failed=1; \
	done; \
	BUILD=$(BUILD) tests/run vm-live && test -z "$$failed"

check-apparmor: all live-bin ## AppArmor profiles enforced, in a virtual machine: root
	BUILD=$(BUILD) tests/run apparmor

check-apparmor-all: ## the same with every kernel that is tried: root, half an hour
	$(MAKE) all live-bin
	VM_KERNELS="6.1 6.12 newest" BUILD=$(BUILD) tests/run apparmor

check-asan: ## everything again under ASan and UBSan: root for the live part
	$(MAKE) SANITIZE=1 all unit-bin live-bin
	BUILD=$(BUILD)/asan tests/run unit golden live

unit-bin: $(UNIT_BIN)
live-bin: $(LIVE_TEST_BIN)
container-bin: $(CONTAINER_TEST_BIN)
bench-bin: $(BENCH_BIN)

check-all: ## install what is missing and run every suite that this machine can run: root
	tools/install-deps test
	$(MAKE) all unit-bin live-bin container-bin
	$(MAKE) SANITIZE=1 all unit-bin live-bin
	tests/run all

demo: ## record nginx under load, write its profiles, run it under them: root
	tools/install-deps demo
	$(MAKE) all
	tools/demo

bench: all ## costs beside other tracers, as ratios within one run: root
	tools/install-deps bench
	$(MAKE) bench-bin
	tools/bench

soak: all live-bin ## 200,000 fresh starts, 14 million calls, and SOAK_SECONDS (600) of work: root
	SOAK=1 tests/live/races
	SOAK_SECONDS=$${SOAK_SECONDS:-600} tests/live/soak

fuzz: ## fuzz the readers with libFuzzer; FUZZ_SECONDS=60, each
	tests/run fuzz

format: ## rewrite the sources as .clang-format says
	clang-format -i $$(git ls-files '*.c' '*.h' | grep -v '^vmlinux/')

# SOURCE=TARGET, below $(PREFIX). The directories are those that the shells and man look into.
INSTALLED := $(BUILD)/leastcall=bin/leastcall \
	$(foreach page,$(wildcard user/man/*.[1-8]),$(page)=share/man/man$(subst .,,$(suffix $(page)))/$(notdir $(page))) \
	$(BUILD)/completion/bash=share/bash-completion/completions/leastcall \
	$(BUILD)/completion/zsh=share/zsh/site-functions/_leastcall \
	$(BUILD)/completion/fish=share/fish/vendor_completions.d/leastcall.fish \
	$(foreach text,LICENSE $(wildcard LICENSES/*),$(text)=share/doc/leastcall/$(text))
# What was there before, in any system; the deepest first.
OTHERS_DIRS := $(if $(filter /usr /usr/local,$(PREFIX:/=)),bin share/man share)

install: ## what was built, into $(DESTDIR)$(PREFIX); builds nothing
	@test -x $(BUILD)/leastcall && test -s $(lastword $(COMPLETIONS)) || \
		{ echo 'nothing is built in $(BUILD): make comes first' >&2; exit 1; }
	$(Q)for file in $(INSTALLED); do \
		case $$file in *=bin/*) mode=755 ;; *) mode=644 ;; esac; \
		install -D -m $$mode $${file%%=*} "$(DESTDIR)$(PREFIX)/$${file#*=}" || exit 1; \
	done

# Of the directories those that are empty then; where PREFIX is the system's, not those of everybody.
uninstall: ## take away what install put there
	$(Q)for file in $(INSTALLED); do \
		dir=$${file#*=}; \
		rm -f "$(DESTDIR)$(PREFIX)/$$dir" || exit 1; \
		while test "$$dir" != .; do \
			dir=$$(dirname "$$dir"); \
			case " $(OTHERS_DIRS) " in *" $$dir "*) break ;; esac; \
			rmdir "$(DESTDIR)$(PREFIX)/$$dir" 2>/dev/null || break; \
		done; \
	done
	$(Q)$(if $(OTHERS_DIRS),,rmdir "$(DESTDIR)$(PREFIX)" 2>/dev/null || true)

clean: ## remove $(BUILD)
	@test ! -e $(BUILD)/Makefile || { echo '$(BUILD) holds sources' >&2; exit 1; }
	rm -rf $(BUILD)

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1\t\2/p' Makefile | expand -t 24

-include $(PURE_OBJ:.o=.d) $(LIVE_OBJ:.o=.d)
.PHONY: all check check-page check-install check-live check-containers check-containers-all check-vm check-vm-all check-apparmor \
	check-apparmor-all check-asan check-all \
	demo bench soak fuzz format install uninstall clean help unit-bin live-bin container-bin bench-bin
.SECONDARY:
.DELETE_ON_ERROR:
