//! Sections of one file that run for one installation each: jobs, stages, targets, arms.

use super::tree::{PATH, Tree, VARIABLE};

pub fn github(tree: &mut Tree<'_>) {
    let jobs = tree.each(|name, value| {
        format!(
            "  deploy-{name}:\n    runs-on: ubuntu-24.04\n    environment: {name}\n    env:\n      {VARIABLE}: {value}\n    \
             steps:\n      - run: bin/magento setup:upgrade\n"
        )
    });
    tree.file(".github/workflows/deploy.yml", format!("name: deploy\non: push\njobs:\n{jobs}"));
}

pub fn gitlab(tree: &mut Tree<'_>) {
    let jobs = tree.each(|name, value| {
        format!(
            "deploy-{name}:\n  stage: deploy\n  environment:\n    name: {name}\n  variables:\n    {VARIABLE}: {value}\n  \
             script:\n    - bin/magento setup:upgrade\n"
        )
    });
    tree.file(".gitlab-ci.yml", format!("stages: [deploy]\n{jobs}"));
}

pub fn jenkins(tree: &mut Tree<'_>) {
    let stages = tree.each(|name, value| {
        format!("        stage('Deploy {name}') {{\n            steps {{\n                sh 'bin/magento config:set --lock-env {PATH} {value}'\n            }}\n        }}\n")
    });
    tree.file(
        "Jenkinsfile",
        format!("pipeline {{\n    agent any\n    stages {{\n{stages}    }}\n}}\n"),
    );
}

pub fn bitbucket(tree: &mut Tree<'_>) {
    let steps = tree.each(|name, value| {
        format!(
            "    {name}:\n      - step:\n          name: Deploy\n          deployment: {name}\n          script:\n            \
             - export {VARIABLE}={value}\n            - bin/magento setup:upgrade\n"
        )
    });
    tree.file(
        "bitbucket-pipelines.yml",
        format!("image: php:8.3-cli\npipelines:\n  custom:\n{steps}"),
    );
}

pub fn azure(tree: &mut Tree<'_>) {
    let stages = tree.each(|name, value| {
        let id = name.replace('-', "_");
        format!(
            "  - stage: {id}\n    variables:\n      {VARIABLE}: {value}\n    jobs:\n      - job: deploy\n        steps:\n          \
             - script: bin/magento setup:upgrade\n"
        )
    });
    tree.file("azure-pipelines.yml", format!("stages:\n{stages}"));
}

pub fn circle(tree: &mut Tree<'_>) {
    let jobs = tree.each(|name, value| {
        format!(
            "  deploy-{name}:\n    docker: [{{image: \"cimg/php:8.3\"}}]\n    environment:\n      {VARIABLE}: {value}\n    \
             steps:\n      - run: bin/magento setup:upgrade\n"
        )
    });
    tree.file(".circleci/config.yml", format!("version: 2.1\njobs:\n{jobs}"));
}

pub fn make(tree: &mut Tree<'_>) {
    let targets = tree.each(|name, value| {
        format!("deploy-{name}:\n\tbin/magento config:set --lock-env {PATH} {value}\n\tbin/magento cache:flush\n\n")
    });
    tree.file("Makefile", targets);
}

pub fn task(tree: &mut Tree<'_>) {
    let targets = tree.each(|name, value| {
        format!("  deploy-{name}:\n    cmds:\n      - bin/magento config:set --lock-env {PATH} {value}\n")
    });
    tree.file("Taskfile.yml", format!("version: '3'\ntasks:\n{targets}"));
}

pub fn just(tree: &mut Tree<'_>) {
    let targets = tree.each(|name, value| {
        format!("deploy-{name}:\n    bin/magento config:set --lock-env {PATH} {value}\n\n")
    });
    tree.file("justfile", targets);
}

pub fn bake(tree: &mut Tree<'_>) {
    let targets = tree.each(|name, value| {
        format!("target \"{name}\" {{\n  dockerfile = \"Dockerfile\"\n  args = {{\n    {VARIABLE} = \"{value}\"\n  }}\n}}\n\n")
    });
    tree.file("docker-bake.hcl", targets);
}

pub fn case(tree: &mut Tree<'_>) {
    let arms = tree.each(|name, value| {
        format!("  {name})\n    bin/magento config:set --lock-env {PATH} {value}\n    ;;\n")
    });
    tree.file("bin/configure.sh", format!("#!/bin/sh\nset -eu\ncase \"$1\" in\n{arms}esac\n"));
}

pub fn cloud(tree: &mut Tree<'_>) {
    let commands = tree.each(|name, value| {
        format!(
            "magento-cloud variable:create --level environment --environment {name} --inheritable false \\\n  \
             --name env:{VARIABLE} --value {value}\n"
        )
    });
    tree.file("cloud/variables.sh", format!("#!/bin/sh\nset -eu\n{commands}"));
}
