# Two commands: `make up` (or `make up PORT=8010`) and `make test`.
PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin

# Many short processes start here: without bytecode on disk each would compile hundreds of modules anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: up setup setup-dev build test test-hadoop check bench docs format clean setup-deploy lint-deploy test-deploy \
	test-terraform

up: setup            ## set everything up, add the demo, serve on 127.0.0.1
	@$(BIN)/lykeion up --port $(PORT) --demo

setup:
	@$(PYTHON) bin/setup

setup-dev:
	@$(PYTHON) bin/setup --dev

build: setup         ## rebuild the assets

test: setup-dev      ## run all tests; as root it brings its own servers, else it says what is left out
	@$(BIN)/python tests/run.py $(ARGS)

test-hadoop: setup-dev  ## HDFS and YARN from Maven Central on this machine, and the lake on them while parts are killed
	@$(PYTHON) bin/setup --spark
	@.venv-spark/bin/python -m tests.hadoop $(ARGS)

check: setup-dev     ## linters, types, contracts, templates, scripts, docs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/djlint --quiet --lint src
	PATH="$(CURDIR)/$(BIN):$$PATH" npm run --silent check
	$(BIN)/lykeion django makemigrations --check --dry-run
	$(BIN)/mkdocs build --quiet --strict

bench: setup-dev     ## measure, and write bench/RESULTS.md, bench/LAKE.md and bench/SPARK.md
	$(BIN)/python -m bench $(ARGS)
	@$(PYTHON) bin/setup --spark
	$(BIN)/python -m bench.lake
	.venv-spark/bin/python -m bench.spark

setup-deploy: setup-dev  ## what deploys: Ansible, in deploy/.venv
	@$(BIN)/python bin/setup --deploy

lint-deploy: setup-deploy  ## what of deploy/ can be tried without a host
	@$(BIN)/python deploy/tests/ladder.py lint $(ARGS)

test-deploy: setup-deploy  ## deploy on test hosts of this machine, as root; results go into deploy/README.md
	@$(BIN)/python deploy/tests/ladder.py $(ARGS)

test-terraform: setup-dev  ## what of deploy/terraform can be tried without a cloud
	@$(BIN)/python bin/setup --terraform
	@deploy/terraform/.venv/bin/python deploy/terraform/ladder.py $(ARGS)

docs: setup-dev
	$(BIN)/mkdocs serve

format: setup-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean:               ## forget the environment and the built assets; data in var/ stays
	rm -rf .venv node_modules src/lykeion/ui/static/ui src/lykeion/ui/static/js src/lykeion/ui/static/studio
